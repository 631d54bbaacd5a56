from importlib import import_module

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from kpr_portal.ui import errors
from kpr_portal.ui.models import OperationsNotice
from kpr_portal.ui.queries import forget_notices

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def broken(request):
    raise RuntimeError


def refused(request):
    raise PermissionDenied("Bare godkjennere kan gjøre dette.")


def away(request):
    raise OperationalError


def cut(request):
    raise InterfaceError


def asks(request):
    return HttpResponse(str(OperationsNotice.objects.count()))


urlpatterns = [
    path("broken/", broken),
    path("refused/", refused),
    path("away/", away),
    path("cut/", cut),
    path("asks/", asks),
    *import_module(settings.ROOT_URLCONF).urlpatterns,
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/finnes-ikke/", 404, "Vi finner ikke siden"),
        ("/refused/", 403, "Du har ikke tilgang til dette"),
        ("/broken/", 500, "Noe gikk galt hos oss"),
        ("/away/", 503, "Tjenesten er ikke tilgjengelig akkurat nå"),
        ("/cut/", 503, "Tjenesten er ikke tilgjengelig akkurat nå"),
        ("/kontakt/?q=%00", 400, "Vi forsto ikke forespørselen"),
    ],
)
def test_error_page_says_what_is_wrong_with_a_reference(visitor, address, status, heading):
    response = visitor.get(address)

    html = response.content.decode()
    assert response.status_code == status
    assert f">{heading}</h1>" in html
    assert html.count(response["X-Request-Reference"]) == 1
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_refusal_shows_its_own_sentence(visitor):
    assert "Bare godkjennere kan gjøre dette." in visitor.get("/refused/").content.decode()


def test_unavailable_says_when_to_try_again_and_does_so_itself(visitor):
    response = visitor.get("/away/")

    assert response["Retry-After"] == "15"
    assert 'data-refresh-seconds="15"' in response.content.decode()


def test_unavailable_never_sends_a_form_again(visitor):
    response = visitor.post("/away/")

    assert response.status_code == 503
    assert "data-refresh-seconds" not in response.content.decode()


@pytest.mark.parametrize(("address", "meanwhile"), [("/asks/", 503), ("/kontakt/", 200), ("/skjema/", 200)])
def test_page_that_needs_the_database_recovers_by_itself_and_the_others_are_there(
    visitor, address, meanwhile
):
    def lost(execute, sql, params, many, context):
        raise OperationalError

    forget_notices()
    with connection.execute_wrapper(lost):
        during = visitor.get(address).status_code
    after = visitor.get(address).status_code

    assert (during, after) == (meanwhile, 200)


@pytest.mark.parametrize("render", [errors.server_error, errors.unavailable, errors.bad_request])
@pytest.mark.parametrize("language", ["/", "/nn/", "/en/"])
def test_page_for_the_worst_asks_the_database_nothing(rf, render, language, django_assert_num_queries):
    request = rf.get(language)
    request.resolver_match = None

    with django_assert_num_queries(0):
        assert render(request).status_code >= 400


def test_form_without_its_token_is_told_what_to_do(rf):
    visitor = Client(enforce_csrf_checks=True)

    response = visitor.post("/asks/")

    assert response.status_code == 403
    assert "Siden kan ha stått åpen for lenge" in response.content.decode()


def test_too_many_says_how_long_to_wait(rf):
    request = rf.get("/")
    request.resolver_match = None

    response = errors.too_many_requests(request, retry_after=120)

    assert (response.status_code, response["Retry-After"]) == (429, "120")
    assert "Vent 2 minutter" in response.content.decode()
