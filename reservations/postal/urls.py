from django.urls import path

from reservations.postal import views

app_name = "postal"

urlpatterns = [path("", views.StartView.as_view(), name="start")]
