from django.urls import path

from reservations.casework import views

app_name = "casework"

urlpatterns = [path("", views.Start.as_view(), name="start")]
