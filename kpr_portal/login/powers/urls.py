from django.urls import path

from kpr_portal.login.powers import views

urlpatterns = [
    path("meg/", views.RepresentativesView.as_view(), name="representatives"),
    path("gi-fullmakt/", views.GiveView.as_view(), name="give_power"),
    path("gi-fullmakt/bekreft/", views.ConfirmView.as_view(), name="confirm_power"),
    path("avslutt/<uuid:key>/", views.EndPowerView.as_view(), name="end_power"),
    path("steng/", views.BlockView.as_view(), name="block_all"),
    path("steng/<uuid:key>/", views.BlockView.as_view(), name="block"),
    path("apne/<uuid:key>/", views.LiftBlockView.as_view(), name="lift_block"),
]
