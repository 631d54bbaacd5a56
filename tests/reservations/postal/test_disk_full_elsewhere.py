"""A database and a folder of blank forms without room: whole or not there, said in words, and made later.

On disks that are really full (tests/support/small_disk.py); the screen, its queue and its worker are in test_disk_full.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings as portal
from django.db import OperationalError, connection, transaction
from django.urls import reverse
from psycopg import sql

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.documents.models import StoredDocument
from kpr_portal.documents.queries import read_document
from kpr_portal.embedded.binaries import SYSTEM_USER
from kpr_portal.embedded.keys import have_keys
from kpr_portal.embedded.places import Places, runs_as_root
from kpr_portal.notices.models import OwedWork
from kpr_portal.people.models import Role
from reservations.casework.form_orders import ACTION
from reservations.postal.bases import SELF
from reservations.postal.blank import BlankForm, make_all, make_one
from reservations.postal.blank_inputs import BEGUN, are_made
from reservations.postal.form_page import blank_path
from reservations.postal.kinds import INSIGHT, RESERVATION
from reservations.postal.models import LetterOrder
from reservations.postal.ordering import MAKE_ORDERED, OrderedForm, make_ordered_form, order_form
from tests.reservations.postal.filling import Visitor, text, work
from tests.support.family import enter_family, number_of
from tests.support.sign_in import sign_in
from tests.support.small_disk import MIB, SmallDisk, full

pytestmark = pytest.mark.django_db

BLANK = "/skjema/tomt/reservasjon/meg-selv/"


# --- PostgreSQL


@pytest.fixture(scope="module")
def tablespace(django_db_setup) -> Iterator[tuple[str, SmallDisk]]:
    """A place for tables on a small disk, which the server's system user reaches."""
    name = f"small_{os.getpid()}"
    address = urlsplit(os.environ["OWNER_DATABASE_URL"])
    passwords = have_keys(Places(Path(os.environ["KEYRING_FILE"]).parents[1])).passwords
    with (
        SmallDisk(16 * MIB, user=SYSTEM_USER if runs_as_root() else None) as disk,
        psycopg.connect(
            host=address.hostname,
            port=address.port,
            user="postgres",
            password=passwords["postgres"],
            dbname="postgres",
            autocommit=True,
        ) as server,
    ):
        server.execute(
            sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(sql.Identifier(name), str(disk.path))
        )
        server.execute(sql.SQL("GRANT CREATE ON TABLESPACE {} TO kpr_owner").format(sql.Identifier(name)))
        try:
            yield name, disk
        finally:
            disk.make_room()
            server.execute(sql.SQL("DROP TABLESPACE {}").format(sql.Identifier(name)))


@pytest.fixture
def database_disk(tablespace, db) -> SmallDisk:
    """What is owed, and the documents, lie there for as long as the test's transaction.

    Without a page, so that the first row asks for room: the rows that other tests took back left some.
    """
    name, disk = tablespace
    with connection.cursor() as cursor:
        for model in (OwedWork, StoredDocument):
            table = sql.Identifier(model._meta.db_table)
            key = sql.Identifier(f"{model._meta.db_table}_pkey")
            cursor.execute(sql.SQL("ALTER TABLE {} SET TABLESPACE {}").format(table, sql.Identifier(name)))
            cursor.execute(sql.SQL("CLUSTER {} USING {}").format(table, key))
            cursor.execute("SELECT pg_relation_size(%s)", [model._meta.db_table])
            assert cursor.fetchone() == (0,)
    return disk


@pytest.fixture
def family(database_disk):
    return enter_family()


@pytest.mark.speaks_numbers
def test_caseworkers_order_without_room_in_the_database_is_none_and_says_so(
    database_disk, family, client, caplog
):
    sign_in(client, family.person("caseworker"), staff=True, roles=[Role.CASEWORKER])
    typed = {"person": number_of("much_data").digits, "language": "nb", "choice_1": "withhold_national_id+"}
    typed |= {"choice_2": ""}
    path = reverse("casework:order_form", args=("reservasjon", "meg-selv"))
    written = AccessLogEntry.objects.filter(action=ACTION)
    before = written.count()  # what other tests had refused stays in the log
    with full(database_disk):
        page = client.post(path, typed)
        assert page.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert ("er enten alt lagret eller ingenting" in text(page), "Traceback" in text(page)) == (
            True,
            False,
        )
        assert (OwedWork.objects.count(), written.count() - before) == (0, 0)

    assert client.post(path, typed)["Location"] == reverse("casework:postings")
    assert (OwedWork.objects.count(), written.count() - before) == (1, 1)
    assert typed["person"] not in caplog.text


def test_ordered_form_without_room_in_the_database_is_made_whole_later(database_disk, family):
    order_form(
        OrderedForm(RESERVATION, SELF, family.person("much_data"), None, (), "nb", large_print=False),
        by=family.person("caseworker"),
    )
    owed = OwedWork.objects.get(task=MAKE_ORDERED)
    with full(database_disk):
        with pytest.raises(OperationalError, match="No space left on device"), transaction.atomic():
            make_ordered_form(owed.pk)
        assert (StoredDocument.objects.count(), LetterOrder.objects.count()) == (0, 0)

    make_ordered_form(owed.pk)

    assert read_document(LetterOrder.objects.get().enclosure).content.startswith(b"%PDF-")


def test_form_on_screen_and_blank_need_no_room_in_the_database(database_disk, visitor):
    with full(database_disk):
        visitor.fills_in().orders()
        assert work() == 1
        assert visitor.fetches().content.startswith(b"%PDF-")
        assert visitor.client.get(BLANK).status_code == HTTPStatus.OK


# --- The blank forms


def test_blank_forms_without_room_are_whole_or_not_there_and_go_on_when_there_is(small_disk, settings):
    settings.BLANK_FORMS_DIR = folder = small_disk.path / "blank"
    first, second = (BlankForm(form, SELF, "nb", large_print=False) for form in (RESERVATION, INSIGHT))
    contents = [make_one(blank) for blank in (first, second)]
    with full(small_disk, but=len(contents[0]) + 3 * 4096), pytest.raises(OSError, match="No space left"):
        make_all([first, second], folder, of="now", processes=1, made=lambda *_: None)

    assert sorted(file.name for file in folder.rglob("*") if file.is_file()) == sorted(
        [BEGUN, first.path.name]
    )
    assert first.path.read_bytes() == contents[0]
    addresses = [blank_path(blank.form, SELF, language="nb", large_print=False) for blank in (first, second)]
    pages = [Visitor().client.get(address) for address in addresses]
    assert [page.status_code for page in pages] == [HTTPStatus.OK, HTTPStatus.SERVICE_UNAVAILABLE]
    assert "Skjemaet er ikke klart ennå" in text(pages[1])

    make_all([first, second], folder, of="now", processes=1, made=lambda *_: None)

    assert [Visitor().client.get(address).content for address in addresses] == contents
    assert are_made(folder, of="now")


def test_forms_that_are_there_stay_where_there_is_no_room_for_new_ones(small_disk, settings):
    settings.BLANK_FORMS_DIR = folder = small_disk.path / "blank"
    blank = BlankForm(RESERVATION, SELF, "nb", large_print=False)
    make_all([blank], folder, of="then", processes=1, made=lambda *_: None)
    before = blank.path.read_bytes()

    command = [sys.executable, "manage.py", "make_blank_forms", "--processes", "1"]
    environment = {**os.environ, "BLANK_FORMS_DIR": str(folder)}
    with full(small_disk):
        done = subprocess.run(
            command, cwd=portal.BASE_DIR, env=environment, capture_output=True, check=False, text=True
        )

    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "No space left on device" in done.stderr
    assert "run this again" in done.stderr
    assert blank.path.read_bytes() == before
    assert not are_made(folder, of="then")
