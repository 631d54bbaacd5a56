from django.urls import include, path

from kpr_portal.login import acting_views, messages_views, views

app_name = "login"

sign_in = [
    path("", views.sign_in, {"provider_id": "idporten"}, name="sign_in"),
    path("idporten/retur/", views.callback, {"provider_id": "idporten"}, name="idporten_callback"),
    path("idporten/utlogget-utenfra/", views.signed_out_elsewhere, name="signed_out_elsewhere"),
    path("ansatt/", views.sign_in, {"provider_id": "staff"}, name="staff_sign_in"),
    path("ansatt/retur/", views.callback, {"provider_id": "staff"}, name="staff_callback"),
    path("ut/", views.sign_out, name="sign_out"),
    path("utlogget/", views.signed_out, name="signed_out"),
    path("bli/", views.stay, name="stay"),
    path("utlopt/", views.ended, name="ended"),
    path("husk/", views.keep, name="keep"),
    *(
        path(f"{prefix}avvist/<slug:slug>/", views.refused, {"name": name}, name="refused")
        for name, prefix in (("citizen", ""), ("staff", "ansatt/"))
    ),
    *(
        path(f"{prefix}svarer-ikke/", views.unavailable, {"name": name}, name="unavailable")
        for name, prefix in (("citizen", ""), ("staff", "ansatt/"))
    ),
]

# What belongs to the person signed in, whichever part of the portal they are in, stands beside it.
urlpatterns = [
    path("logg-inn/", include(sign_in)),
    path("pa-vegne-av/", acting_views.choose, name="choose"),
    path("pa-vegne-av/", include("kpr_portal.login.powers.urls")),
    path("meldinger/", messages_views.messages, name="messages"),
    path("meldinger/<uuid:key>/", messages_views.message, name="message"),
]
