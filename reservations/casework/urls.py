from django.urls import path

from reservations.casework import form_orders, posting_views, views

app_name = "casework"

urlpatterns = [
    path("", views.Start.as_view(), name="start"),
    path("steng/", views.BlockView.as_view(), name="block"),
    path("inhabil/", views.DeclareView.as_view(), name="declare_out"),
    path("hold-utenfor/", views.NameOutView.as_view(), name="name_out"),
    path("skjerm/", views.ShieldView.as_view(), name="shield"),
    path("skjema/", form_orders.ChooseView.as_view(), name="choose_form"),
    path("skjema/<slug:form>/<slug:basis>/", form_orders.OrderView.as_view(), name="order_form"),
    path("utsending/", posting_views.Postings.as_view(), name="postings"),
    path("utsending/<uuid:key>/", posting_views.PostingView.as_view(), name="posting"),
    path("utsending/<uuid:key>/pdf/", posting_views.PostingPdf.as_view(), name="posting_pdf"),
    path("utsending/<uuid:key>/brev/", posting_views.LetterPdf.as_view(), name="posting_letter"),
    path(
        "utsending/<uuid:key>/trekk-tilbake/", posting_views.WithdrawView.as_view(), name="withdraw_posting"
    ),
    path("utsending/<uuid:key>/prov-igjen/", posting_views.TryAgainView.as_view(), name="retry_posting"),
    path("utsending/<uuid:key>/lag-pa-nytt/", posting_views.MakeAnewView.as_view(), name="remake_posting"),
    path(
        "utsending/<uuid:key>/er-postlagt/",
        posting_views.PostedAsItWasView.as_view(),
        name="posted_as_it_was",
    ),
]
