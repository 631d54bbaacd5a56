from django.urls import path

from reservations import views

app_name = "reservations"
urlpatterns = [
    path("", views.OverviewView.as_view(), name="overview"),
    path("historikk/", views.HistoryView.as_view(), name="history"),
    path("versjoner/", views.TextVersionsView.as_view(), name="text_versions"),
    path("kvittering/<uuid:key>/", views.ReceiptView.as_view(), name="receipt"),
    path("kvittering/<uuid:key>/pdf/", views.ReceiptPdfView.as_view(), name="receipt_pdf"),
    path("<slug:kind>/reserver/", views.PlaceView.as_view(), name="place"),
    path("<slug:kind>/oppheve-sammen/", views.WishView.as_view(), name="wish"),
    path("<slug:kind>/opphev/", views.LiftView.as_view(), name="lift"),
]
