from django.urls import path

from insight.views.accesses import AccessesView
from insight.views.downloads import DataView, DownloadView, FileView
from insight.views.holdings import HoldingsView
from insight.views.overview import OverviewView
from insight.views.records import RecordView, SourceView
from insight.views.releases import ReleasesView

app_name = "insight"

urlpatterns = [
    path("", OverviewView.as_view(), name="overview"),
    path("hva-kpr-inneholder/", HoldingsView.as_view(), name="holdings"),
    path("kilde/<slug:slug>/", SourceView.as_view(), name="source"),
    path("opplysning/<uuid:key>/", RecordView.as_view(), name="record"),
    path("utleveringer/", ReleasesView.as_view(), name="releases"),
    path("oppslag/", AccessesView.as_view(), name="accesses"),
    path("last-ned/", DownloadView.as_view(), name="download"),
    path("last-ned/kpr-portalen.json", DataView.as_view(), name="data"),
    path("last-ned/<uuid:key>/", FileView.as_view(), name="file"),
]
