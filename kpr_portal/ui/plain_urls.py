"""Addresses that are the same in every language."""

from django.urls import path

from kpr_portal.ui import views

urlpatterns = [
    path("robots.txt", views.robots_txt, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security"),
    path("favicon.ico", views.FaviconView.as_view(), name="favicon"),
]
