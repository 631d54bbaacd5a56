"""A disk that is really full (tests/support/small_disk.py), under each part that may write to one.

The visitor is told what to do, nothing half-made is handed out, nothing that was typed is written anywhere, and when
there is room again a page that waits gets its form by itself.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

import pytest
import redis

from kpr_portal.documents.rendering import forget_fonts
from kpr_portal.embedded.places import Places
from kpr_portal.embedded.servers import Servers
from reservations.postal import kept
from reservations.postal.form_page import make_form
from reservations.postal.order import AGAIN_SECONDS, LINE
from tests.reservations.postal.filling import CHILD, NAME, Visitor, text, work
from tests.reservations.postal.test_kept import every_file, written_as
from tests.reservations.postal.test_order import sent_again
from tests.support.journey_servers import Worker, portal_uses, wait_for
from tests.support.small_disk import MIB, SmallDisk, full

pytestmark = pytest.mark.django_db

BLANK = "/skjema/tomt/reservasjon/meg-selv/"


def fonts_of(pdf, *, beside):
    """The names of the fonts that it has in it."""
    (beside / "form.pdf").write_bytes(pdf)
    listed = subprocess.run(["pdffonts", beside / "form.pdf"], capture_output=True, check=True, text=True)
    return sorted(line.split()[0].partition("+")[2] for line in listed.stdout.splitlines()[2:])


def typed_in(content):
    """Which of what was typed stands in it."""
    return [typed for typed in (NAME, "Nebbdyr", CHILD.digits) for way in written_as(typed) if way in content]


def typed_on(*folders):
    return [path for path, content in every_file(*folders) if typed_in(content)]


# --- The disk of these tests


def test_disk_is_full_and_is_gone_afterwards():
    with SmallDisk() as disk:
        with full(disk), pytest.raises(OSError, match="No space left on device"):
            (disk.path / "more").write_bytes(b"x")
        (disk.path / "more").write_bytes(b"x")
        path = disk.path

    assert not path.exists()


# --- The queue's server


@dataclass
class QueueOnDisk:
    """An embedded Valkey with its data folder, settings and log on a small disk; its worker writes elsewhere."""

    disk: SmallDisk
    url: str
    places: Places

    def keeps_a_log_of_writes(self) -> None:
        """As a production's own may be set up: it then refuses to write where it cannot note it down."""
        kept.server().config_set("appendonly", "yes")
        wait_for(lambda: kept.server().info("persistence")["aof_rewrite_in_progress"] == 0)

    def refuses(self) -> bool:
        with suppress(redis.ResponseError):
            kept.server().set("kpr:try", "x", ex=5)
            return False
        return True


@pytest.fixture
def queue(settings, tmp_path, tmp_path_factory) -> Iterator[QueueOnDisk]:
    with SmallDisk(8 * MIB) as disk:
        servers = Servers(disk.path / "data", for_tests=True).attach(postgres=False)
        elsewhere = Places(tmp_path / "worker")
        elsewhere.logs.mkdir(parents=True)
        queue = QueueOnDisk(disk, servers.environment["REDIS_URL"], elsewhere)
        settings.REDIS_URL = queue.url
        try:
            with portal_uses(queue):
                yield queue
        finally:
            disk.make_room()
            servers.leave()


def test_embedded_server_needs_no_room_in_its_data_folder(queue):
    with full(queue.disk):
        visitor = Visitor().fills_in()
        visitor.orders()
        assert work() == 1
        assert "Skjemaet er ferdig" in text(visitor.waits())
        assert visitor.fetches().content.startswith(b"%PDF-")
        assert visitor.deletes()["Location"] == "/skjema/slettet/"

    assert typed_on(queue.disk.path) == []


def test_server_that_cannot_note_down_what_it_is_told_is_said_to_be_away_until_it_can(queue, caplog):
    queue.keeps_a_log_of_writes()
    visitor, other = Visitor().fills_in(), Visitor().fills_in()
    other.orders()
    worker = Worker(queue)
    try:
        with full(queue.disk):
            wait_for(queue.refuses)
            pages = [
                Visitor().begins(),
                visitor.opens("hvem"),
                visitor.orders(),
                other.waits(),
                other.fetches(),
            ]
            worker.start()
            wait_for(lambda: b"MISCONF" in worker.log.read_bytes(), worker=worker)
            assert [page.status_code for page in pages] == [HTTPStatus.SERVICE_UNAVAILABLE] * len(pages)
            assert ["Vi kan ikke lage skjemaet akkurat nå" in text(page) for page in pages] == [True] * len(
                pages
            )
            assert ["data-refresh-seconds" in text(page) for page in pages] == [
                False,
                True,
                False,
                True,
                True,
            ]
            assert [Visitor().client.get(path).status_code for path in (BLANK, f"{BLANK}utskrift/")] == [
                200,
                200,
            ]

        wait_for(lambda: not queue.refuses())
        worker.start()  # as whoever watches it does, where it has ended
        sent_again(other.key)
        wait_for(lambda: "Skjemaet er ferdig" in text(other.waits()), worker=worker)
        assert other.fetches().content.startswith(b"%PDF-")
        assert visitor.orders()["Location"] == "/skjema/ferdig/"
        assert typed_on(queue.disk.path, worker.log.parent) == []
        assert typed_in(caplog.text.encode()) == []
    finally:
        worker.kill()


# --- The worker's folder for temporary files


@pytest.fixture
def worker_on(own_queue, small_disk, monkeypatch) -> Iterator[Worker]:
    """A worker whose temporary files go to the small disk."""
    monkeypatch.setenv("TMPDIR", str(small_disk.path))
    worker = Worker(own_queue)
    yield worker
    worker.kill()


@pytest.mark.parametrize("room", [4096, 150_000], ids=["none", "for some of the fonts"])
def test_worker_without_room_makes_the_form_when_there_is_some(worker_on, small_disk, room, tmp_path, caplog):
    """Python takes a folder for temporary files only where it can write four bytes: so much there is."""
    visitor = Visitor().fills_in()
    with full(small_disk, but=room):
        visitor.orders()
        worker_on.start()
        wait_for(lambda: kept.read(visitor.key).is_hindered, worker=worker_on)
        waiting = visitor.waits()
        assert ("Det tar lengre tid enn vanlig" in text(waiting), f'href="{BLANK}"' in text(waiting)) == (
            True,
            True,
        )
        assert f'data-refresh-seconds="{AGAIN_SECONDS}"' in text(waiting)
        assert visitor.fetches()["Location"] == "/skjema/ferdig/"
        assert Visitor().client.get(BLANK).status_code == HTTPStatus.OK

    sent_again(visitor.key)
    wait_for(lambda: "Skjemaet er ferdig" in text(visitor.waits()), worker=worker_on)

    made = visitor.fetches().content
    assert fonts_of(made, beside=tmp_path) == fonts_of(
        make_form(kept.read(visitor.key).draft.finished()), beside=tmp_path
    )
    assert typed_on(small_disk.path, worker_on.log.parent) == []
    assert typed_in(caplog.text.encode()) == []


def test_worker_that_has_its_fonts_needs_no_room(worker_on, small_disk):
    first, visitor = Visitor().fills_in(), Visitor().fills_in()
    first.orders()
    worker_on.start()
    wait_for(lambda: kept.read(first.key).is_made, worker=worker_on)
    assert list(small_disk.path.glob("weasyprint-*"))

    with full(small_disk):
        visitor.orders()
        wait_for(lambda: kept.read(visitor.key).is_made, worker=worker_on)

    assert visitor.fetches().content.startswith(b"%PDF-")


def test_worker_that_finds_no_folder_to_write_in_makes_the_form_when_it_does(
    small_disk, visitor, monkeypatch
):
    """As it is where it has just begun, and every folder that Python would take is on the full disk."""
    forget_fonts()
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(small_disk.path)])
    visitor.fills_in().orders()
    with full(small_disk):
        assert work() == 1
        assert "Det tar lengre tid enn vanlig" in text(visitor.waits())
        assert kept.server().zcard(LINE) == 0

    sent_again(visitor.key)
    visitor.waits()
    assert work() == 1
    assert "Skjemaet er ferdig" in text(visitor.waits())
    forget_fonts()
