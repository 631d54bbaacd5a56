from django.urls import path

from reservations.releases import views

app_name = "releases"

urlpatterns = [path("", views.Start.as_view(), name="start")]
