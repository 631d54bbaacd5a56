"""The portal's addresses, and the floor that its pages are measured against."""

from django.urls import path

from bench.floor import FloorView
from kpr_portal.urls import handler400, handler403, handler404, handler500
from kpr_portal.urls import urlpatterns as portal

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path("floor/", FloorView.as_view(), name="floor"), *portal]
