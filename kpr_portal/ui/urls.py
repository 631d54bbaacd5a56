from django.urls import include, path

from kpr_portal.ui import views

pages = (
    [
        path("personvern/", views.PrivacyView.as_view(), name="privacy"),
        path("tilgjengelighet/", views.AccessibilityView.as_view(), name="accessibility"),
        path("informasjonskapsler/", views.CookiesView.as_view(), name="cookies"),
        path("kontakt/", views.ContactView.as_view(), name="contact"),
    ],
    "ui",
)

urlpatterns = [
    path("", views.FrontView.as_view(), name="front"),
    path("", include(pages)),
]
