"""What a session holds is read by nobody who has the table, and by no session but its own."""

import base64
from pathlib import Path

import pytest
from django.core import signing
from django.core.management import call_command
from django.test import Client

from kpr_portal.ground.keyring import keyring
from kpr_portal.login.models import Session
from kpr_portal.login.sessions import hash_of
from tests.support.numbers import synthetic_numbers
from tests.support.sign_in import sign_in

ME, OTHER = synthetic_numbers(2)
NAME = "Rolig Fjell"


@pytest.fixture
def citizen(client, registered):
    registered(ME, name=NAME)
    return sign_in(client, ME)


def name_in(client):
    return client.session.get("display_name")


def row_of(client):
    return Session.objects.get(key_hash=hash_of(client.cookies["session"].value))


def test_table_tells_nobodys_name(client, citizen):
    row = row_of(client)

    sealed = base64.b64decode(row.data)
    assert (NAME in row.data, NAME.encode() in sealed) == (False, False)
    assert NAME.encode() in keyring().open(sealed, context=f"login.session:{row.key_hash}")
    assert name_in(client) == NAME


@pytest.mark.parametrize(
    "changed",
    [
        lambda data: data[:-8] + "AAAAAAA=",
        lambda _data: "",
        lambda _data: "not sealed",
        lambda _data: "\u00e6",
        lambda _data: signing.dumps({"display_name": NAME}, salt="django.contrib.sessions.SessionStore"),
    ],
)
def test_changed_data_is_not_believed(client, citizen, changed):
    Session.objects.update(data=changed(row_of(client).data))

    assert name_in(client) is None
    assert client.get("/").status_code == 200


def test_data_of_another_session_is_not_believed(client, citizen):
    other = Client()
    sign_in(other, OTHER)

    Session.objects.filter(pk=row_of(other).pk).update(data=row_of(client).data)

    assert (name_in(client), name_in(other)) == (NAME, None)


def test_keys_may_be_gone(client, citizen, settings, tmp_path):
    call_command("keys", "new", str(tmp_path / "another.json"), verbosity=0)
    settings.KEYRING_FILE = str(tmp_path / "another.json")

    assert client.get("/").status_code == 200
    assert name_in(client) is None


def test_data_written_again_after_a_change_of_keys_is_under_the_new(client, citizen, settings, tmp_path):
    ring = tmp_path / "ring.json"
    ring.write_text(Path(settings.KEYRING_FILE).read_text())
    call_command("keys", "rotate", str(ring), verbosity=0)
    settings.KEYRING_FILE = str(ring)

    session = client.session
    session["more"] = 1
    session.save()

    assert keyring().key_id_of(base64.b64decode(row_of(client).data)) == keyring().current
    assert name_in(client) == NAME
