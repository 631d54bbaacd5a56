import pytest
from django.test import Client


@pytest.fixture
def internal(settings):
    settings.ROOT_URLCONF = "kpr_portal.internal_urls"
    settings.MIDDLEWARE = []
    return Client()


@pytest.mark.django_db(transaction=True)
def test_ready_names_every_part_and_answers_200_when_all_answer(internal):
    response = internal.get("/health/ready")

    assert (response.status_code, response.json()) == (
        200,
        {"database": "OK", "migrations": "OK", "queue": "OK", "keyring": "OK", "disk": "OK"},
    )
