from django.urls import path

from reservations.postal import filling, views

app_name = "postal"

urlpatterns = [
    path("", views.StartView.as_view(), name="start"),
    path("begynn/", views.BeginView.as_view(), name="begin"),
    path("tomt/<slug:form>/<slug:basis>/", views.BlankView.as_view(), name="blank"),
    path("utfylling/<slug:step>/", filling.StepView.as_view(), name="step"),
    path("oppsummering/", filling.SummaryView.as_view(), name="summary"),
    path("lag/", filling.OrderView.as_view(), name="order"),
    path("ferdig/", filling.MadeView.as_view(), name="made"),
    path("ferdig/skjema.pdf", filling.PdfView.as_view(), name="pdf"),
    path("slett/", filling.DeleteView.as_view(), name="delete"),
    path("slettet/", views.DeletedView.as_view(), name="deleted"),
]
