from django.urls import path

from reservations.enquiries import views

app_name = "enquiries"
urlpatterns = [
    path("", views.ListView.as_view(), name="list"),
    path("ikke-riktig/<uuid:about>/", views.NotRightView.as_view(), name="not_right"),
    path("ny/<slug:kind>/", views.NewView.as_view(), name="new"),
    path("ny/<slug:kind>/<uuid:about>/", views.NewView.as_view(), name="new_about"),
    path("opphev/<slug:kind>/", views.LiftView.as_view(), name="lift"),
    path("<uuid:key>/", views.ShowView.as_view(), name="enquiry"),
]
