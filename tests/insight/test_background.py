"""Reading in a process of its own: the same as without, and what comes of it when either process ends."""

import multiprocessing
import os
import signal
import subprocess
import sys
from itertools import chain
from pathlib import Path

import psutil
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from insight import operations
from insight.ingest.background import ReadingEnded, pieces_ahead, read_ahead
from insight.models import Record, RefusedLine
from insight.reading.reasons import FileRefused
from tests.insight.files import claim, claims_file
from tests.support.numbers import synthetic_numbers

PATIENCE_SECONDS = 20


def ends_by_itself(pieces):
    """A reader that is killed after these pieces, as by the system when memory is short."""
    yield from pieces
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("count", [0, 1, 999, 1_000, 1_001, 25_003])
@pytest.mark.parametrize("apart", [False, True], ids=["here", "apart"])
def test_everything_is_given_once_and_in_order(count, apart):
    lists = list(read_ahead(iter(range(count)), size=10_000, apart=apart))

    assert list(chain.from_iterable(lists)) == list(range(count))
    assert all(0 < len(some) <= 10_000 for some in lists)


def test_what_stops_the_reading_is_raised_after_what_was_read():
    def refused():
        yield "one"
        yield "two"
        raise FileRefused("malformed")

    given = []
    with pytest.raises(FileRefused) as stopped:
        given.extend(chain.from_iterable(pieces_ahead(refused(), most=5, apart=True)))

    assert (given, stopped.value.code) == (["one", "two"], "malformed")


class AsksForTwo(Exception):
    """An error that can be sent to another process and not be made again there."""

    def __init__(self, one, other):
        super().__init__(one)


class HoldsFunction(Exception):
    """An error that cannot be sent at all."""

    def __init__(self):
        super().__init__(lambda: None)


@pytest.fixture
def impatient():
    """A test that waits for ever fails instead."""

    def give_up(*_):
        pytest.fail("Nothing came of it.")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "error", [AsksForTwo("a", "b"), HoldsFunction()], ids=lambda each: type(each).__name__
)
def test_error_that_cannot_be_sent_is_told_by_its_name(error, capfd):
    def fails():
        yield "one"
        raise error

    given = []
    with pytest.raises(RuntimeError, match=type(error).__name__):
        given.extend(chain.from_iterable(pieces_ahead(fails(), most=5, apart=True)))

    assert (given, capfd.readouterr().err) == (["one"], "")


def test_reader_that_is_killed_gives_what_it_read_and_says_so():
    given = []
    with pytest.raises(ReadingEnded):
        given.extend(chain.from_iterable(pieces_ahead(ends_by_itself("abc"), most=5, apart=True)))

    assert given == ["a", "b", "c"]


def test_one_who_wants_no_more_leaves_no_process():
    def endless():
        while True:
            yield "line" * 10_000

    lists = pieces_ahead(endless(), most=2, apart=True)
    next(lists)
    (reader,) = multiprocessing.active_children()

    lists.close()

    assert not psutil.pid_exists(reader.pid)
    assert multiprocessing.active_children() == []


READS_FOR_EVER = """
import multiprocessing, time
from itertools import repeat
from insight.ingest.background import pieces_ahead
lists = pieces_ahead(repeat("line" * 10_000), most=2, apart=True)
next(lists)
print(multiprocessing.active_children()[0].pid, flush=True)
time.sleep(600)
"""


def test_reader_ends_when_the_one_it_reads_for_is_killed():
    with subprocess.Popen([sys.executable, "-c", READS_FOR_EVER], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        reader = psutil.Process(int(run.stdout.readline()))

        run.kill()

    assert psutil.wait_procs([reader], timeout=PATIENCE_SECONDS)[1] == []


@pytest.mark.django_db
def test_file_read_apart_is_taken_in_as_any_other(as_web, tmp_path, monkeypatch):
    person = synthetic_numbers(1)[0]
    path = tmp_path / "claims"
    path.write_bytes(
        claims_file(*(claim(n, person) for n in range(1, 2_501)), claim(2_501, person, melding_status="X"))
    )
    monkeypatch.setattr(operations, "WORTH_A_PROCESS", 0)

    report = operations.ingest_file(path)

    assert report.counts == {"read": 2_501, "new": 2_500, "refused": 1, "waiting": 0}
    assert list(RefusedLine.objects.values_list("number", "reason")) == [(2_502, "status")]
    assert Record.objects.filter(current=True).count() == 2_500


@pytest.mark.django_db
def test_taking_in_that_fails_leaves_no_process(as_web, tmp_path, monkeypatch):
    path = tmp_path / "claims"
    path.write_bytes(claims_file(*(claim(n, synthetic_numbers(1)[0]) for n in range(1, 5_001))))
    monkeypatch.setattr(operations, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr(operations, "BATCH", 1_000)

    def database_fails(_lines):
        assert len(multiprocessing.active_children()) == 1
        raise DatabaseError

    with pytest.raises(DatabaseError) as failed:
        operations.ingest_file(path, progress=database_fails)

    assert failed.tb is not None  # what is still known of the failure keeps nothing alive
    assert multiprocessing.active_children() == []


@pytest.fixture
def standard_input(tmp_path, monkeypatch):
    """A file that comes by standard input, as in `ingest /dev/stdin < file`."""
    path = tmp_path / "claims"
    path.write_bytes(claims_file(*(claim(n, synthetic_numbers(1)[0]) for n in range(1, 2_501))))
    usual = os.dup(0)
    with path.open("rb") as file:
        os.dup2(file.fileno(), 0)
    with os.fdopen(0, closefd=False) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield Path("/dev/stdin")
    os.dup2(usual, 0)
    os.close(usual)


@pytest.mark.django_db
def test_standard_input_is_taken_in_whole_though_another_process_has_none(
    as_web, standard_input, monkeypatch
):
    monkeypatch.setattr(operations, "WORTH_A_PROCESS", 0)

    report = operations.ingest_file(standard_input)

    assert (report.counts["read"], report.counts["new"]) == (2_500, 2_500)


@pytest.mark.django_db
def test_reading_that_is_killed_is_said_in_a_sentence(as_web, tmp_path, monkeypatch):
    person = synthetic_numbers(1)[0]
    path = tmp_path / "claims"
    path.write_bytes(claims_file(*(claim(n, person) for n in range(1, 2_501))))
    monkeypatch.setattr(operations, "WORTH_A_PROCESS", 0)
    pieces_of = operations.pieces_of
    monkeypatch.setattr(
        operations, "pieces_of", lambda *args, **options: ends_by_itself(pieces_of(*args, **options))
    )

    with pytest.raises(CommandError, match=r"Lesingen ble avbrutt\. Det som er tatt inn, er helt\."):
        call_command("ingest", str(path), quiet=True)

    assert Record.objects.count() == 2_500
    monkeypatch.undo()
    assert operations.ingest_file(path).counts == {"read": 2_500, "new": 0, "known": 2_500, "waiting": 0}
