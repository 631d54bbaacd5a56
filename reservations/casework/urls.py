from django.urls import path

from reservations.casework import views

app_name = "casework"

urlpatterns = [
    path("", views.Start.as_view(), name="start"),
    path("steng/", views.BlockView.as_view(), name="block"),
    path("inhabil/", views.DeclareView.as_view(), name="declare_out"),
    path("hold-utenfor/", views.NameOutView.as_view(), name="name_out"),
    path("skjerm/", views.ShieldView.as_view(), name="shield"),
]
