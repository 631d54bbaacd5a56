from django.urls import path

from reservations.postal import blank_files, filling, finishing, views

app_name = "postal"

urlpatterns = [
    path("", views.StartView.as_view(), name="start"),
    path("begynn/", views.BeginView.as_view(), name="begin"),
    path("tomt/", views.ChooseBlankView.as_view(), name="choose_blank"),
    path("tomt/<slug:form>/<slug:basis>/", views.BlankView.as_view(), name="blank"),
    path("tomt/<slug:form>/<slug:basis>.pdf", blank_files.blank_pdf, name="blank_pdf"),
    path(
        "tomt/<slug:form>/<slug:basis>/stor.pdf",
        blank_files.blank_pdf,
        {"large_print": True},
        name="blank_pdf_large",
    ),
    path("tomt/<slug:form>/<slug:basis>/utskrift/", blank_files.blank_print, name="blank_print"),
    path("utfylling/<slug:step>/", filling.StepView.as_view(), name="step"),
    path("oppsummering/", filling.SummaryView.as_view(), name="summary"),
    path("lag/", finishing.OrderView.as_view(), name="order"),
    path("ferdig/", finishing.MadeView.as_view(), name="made"),
    path("ferdig/skjema.pdf", finishing.PdfView.as_view(), name="pdf"),
    path("slett/", finishing.DeleteView.as_view(), name="delete"),
    path("slettet/", views.DeletedView.as_view(), name="deleted"),
]
