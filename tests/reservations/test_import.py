"""Reservations from before this register: dates kept, counts whole, no number told, a second person."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.ground import clock
from kpr_portal.people.models import Person, Role
from kpr_portal.people.operations import grant_role
from kpr_portal.people.queries import find_person
from reservations.catalogue import entry_of
from reservations.import_operations import carry_over
from reservations.models import ImportedLine, ImportSignOff, ReservationEntry, ReservationImport
from reservations.queries import cards, import_state, state_of
from tests.people.national_id_vectors import NOT_SYNTHETIC
from tests.reservations.conftest import R1, R2, lift, oneself

HEAD = "number,kind,placed,channel,reference"


@pytest.fixture
def staff(db):
    """Two of the staff."""
    people = [Person.objects.create() for _ in range(2)]
    for person in people:
        grant_role(person, Role.CASEWORKER, granted_by=None)
    return people


@pytest.fixture
def write(tmp_path):
    def write(*lines, head=HEAD, encoding="utf-8"):
        path = tmp_path / "old.csv"
        path.write_bytes("\n".join([head, *lines, ""]).encode(encoding))
        return path

    return write


def run(*args, **options):
    out = StringIO()
    call_command("import_reservations", *map(str, args), stdout=out, **options)
    return out.getvalue().splitlines()


def test_reservation_keeps_its_date_and_says_it_was_carried_over(staff, numbers, write):
    number = next(numbers)

    report = carry_over(write(f"{number.digits},{R1},2019-05-12,post,A-1"), imported_by=staff[0])

    entry = ReservationEntry.objects.get()
    person = find_person(number)
    assert (entry.person, entry.channel, entry.kind, entry.basis) == (person, "carried_over", R1, "self")
    assert entry.effective_at.date() == date(2019, 5, 12)
    assert (report.read, report.entered, report.known, report.refusals) == (1, 1, 0, ())
    line = ImportedLine.objects.get()
    assert (line.entry, line.old_channel, line.old_reference) == (entry, "post", "A-1")
    assert [card.in_force for card in cards(acting=oneself(person))] == [True, False]


def test_running_again_enters_nothing_twice(staff, numbers, write):
    line = f"{next(numbers).digits},{R1},2019-05-12,post,A-1"
    carry_over(write(line, line), imported_by=staff[0])

    again = carry_over(write(line, line.replace("A-1", "A-2")), imported_by=staff[0])

    assert (again.entered, again.known) == (1, 1)
    assert ReservationEntry.objects.count() == 2
    assert list(ReservationImport.objects.order_by("id").values_list("lines_entered", "lines_known")) == [
        (1, 1),
        (1, 1),
    ]


def test_daily_run_does_not_undo_what_the_person_has_lifted_since(staff, numbers, write):
    number = next(numbers)
    line = f"{number.digits},{R1},2019-05-12,post,A-1"
    carry_over(write(line), imported_by=staff[0])
    person = find_person(number)
    lift(R1, person)

    carry_over(write(line, line.replace("A-1", "A-2")), imported_by=staff[0])

    assert state_of(person, kind=entry_of(R1).kind, at=clock.database_now()).in_force is False


BAD = [
    ("{n},{k},2019-05-12,post", "wrong number of columns"),
    ("{n},{k},2019-05-12,post,A,B", "wrong number of columns"),
    ("12345678901,{k},2019-05-12,post,A", "no valid national identity number"),
    ("{real},{k},2019-05-12,post,A", "no valid national identity number"),
    (",{k},2019-05-12,post,A", "no valid national identity number"),
    ("{n},{n},2019-05-12,post,A", "unknown kind of reservation"),
    ("{n},{k},12.05.2019,post,A", "no date (YYYY-MM-DD) from 2017-12-01 to today"),
    ("{n},{k},{n},post,A", "no date (YYYY-MM-DD) from 2017-12-01 to today"),
    ("{n},{k},2017-11-30,post,A", "no date (YYYY-MM-DD) from 2017-12-01 to today"),
    ("{n},{k},2999-01-01,post,A", "no date (YYYY-MM-DD) from 2017-12-01 to today"),
    ("{n},{k},2019-05-12,,A", "channel missing or too long"),
    ("{n},{k},2019-05-12," + "x" * 41 + ",A", "channel missing or too long"),
    ("{n},{k},2019-05-12,post,", "reference missing, too long, or holding a national identity number"),
    ("{n},{k},2019-05-12,post,{n}", "reference missing, too long, or holding a national identity number"),
    ("{n},{k},2019-05-12,post,\x00", "reference missing, too long, or holding a national identity number"),
]


def test_bad_lines_are_reported_by_line_and_the_rest_goes_on(staff, numbers, write, caplog):
    number, good = next(numbers).digits, next(numbers).digits
    bad = [line.format(n=number, k=R1, real=NOT_SYNTHETIC) for line, _ in BAD]
    path = write(*bad, "", f'"{good[:6]} {good[6:]}";{R2};2020-01-31;post;B-7'.replace(";", ","))

    out = run(path, by=staff[0].key)

    expected = [f"Line {at}: {fault}." for at, (_, fault) in enumerate(BAD, start=2)]
    assert out[:-1] == [*expected, f"Read {len(BAD) + 1}: 1 entered, 0 known before, {len(BAD)} refused."]
    assert ReservationEntry.objects.get().kind == R2
    told = "\n".join(out) + caplog.text
    assert [digits in told for digits in (number, good, NOT_SYNTHETIC)] == [False] * 3


def test_semicolons_and_a_byte_order_mark_are_read(staff, numbers, write):
    line = f"{next(numbers).digits};{R1};2019-05-12;post;Ærlig"

    report = carry_over(write(line, head="\ufeff" + HEAD.replace(",", ";")), imported_by=staff[0])

    assert (report.entered, ImportedLine.objects.get().old_reference) == (1, "Ærlig")


def test_line_in_another_encoding_spoils_only_itself(staff, numbers, write):
    first, second = (f"{next(numbers).digits},{R1},2019-05-12,post" for _ in range(2))
    path = write(f"{first},Ærlig", f"{second},A", encoding="latin-1")

    report = carry_over(path, imported_by=staff[0])

    assert (report.entered, [refusal.line for refusal in report.refusals]) == (1, [2])


@pytest.mark.parametrize("head", ["number,kind", "", "PK\x03\x04", "nummer,type,dato,kanal,referanse"])
def test_file_of_another_kind_is_refused_whole_with_one_sentence(staff, write, head):
    with pytest.raises(
        CommandError, match=r"^The first line is not: number,kind,placed,channel,reference\.$"
    ):
        run(write("x", head=head), by=staff[0].key)

    assert ReservationImport.objects.count() == 0


def test_missing_file_is_told_of_without_its_path(staff, tmp_path):
    with pytest.raises(CommandError, match=r"^The file cannot be read: No such file or directory\.$"):
        run(tmp_path / "gone.csv", by=staff[0].key)


def test_only_staff_may_carry_over(db, write):
    with pytest.raises(CommandError, match="Only staff"):
        run(write(), by=Person.objects.create().key)


def test_another_of_the_staff_signs_off_once(staff, write):
    importer, other = staff
    report = carry_over(write(), imported_by=importer)

    with pytest.raises(CommandError, match="someone else"):
        run(sign_off=report.run, by=importer.key)
    with pytest.raises(CommandError, match="Only staff"):
        run(sign_off=report.run, by=Person.objects.create().key)
    assert run(sign_off=report.run, by=other.key) == [f"Run {report.run} is signed off."]
    with pytest.raises(CommandError, match="once"):
        run(sign_off=report.run, by=other.key)

    assert ImportSignOff.objects.get().signed_by == other
    mine = AccessLogEntry.objects.filter(actor__in=[importer.key, other.key])  # refusals outlive their tests
    actions = mine.order_by("occurred_at").values_list("actor", "action")
    assert list(actions) == [
        (importer.key, "reservations.import"),
        (other.key, "reservations.import_signed"),
    ]


def test_database_itself_refuses_that_one_signs_off_ones_own(staff, write):
    carry_over(write(), imported_by=staff[0])

    with pytest.raises(IntegrityError, match="an_import_is_signed_off_by_another"), transaction.atomic():
        ImportSignOff.objects.create(
            run=ReservationImport.objects.get(), imported_by=staff[0], signed_by=staff[0]
        )


def test_state_is_unsettled_until_every_import_is_signed_off(staff, write, settings):
    assert import_state().is_settled is False
    report = carry_over(write(), imported_by=staff[0])
    assert (import_state().unsigned, import_state().is_settled) == (1, False)

    run(sign_off=report.run, by=staff[1].key)
    assert import_state().is_settled is True

    carry_over(write(), imported_by=staff[0])
    assert import_state().is_settled is False


def test_state_is_settled_where_no_import_is_expected(db, settings):
    settings.RESERVATIONS_IMPORT_EXPECTED = False

    assert import_state().is_settled is True


def test_import_works_with_the_rights_of_the_web_role(staff, numbers, write, as_web):
    report = carry_over(write(f"{next(numbers).digits},{R1},2019-05-12,post,A-1"), imported_by=staff[0])

    assert report.entered == 1


@pytest.mark.parametrize("options", [{}, {"both": True}])
def test_command_needs_either_a_file_or_a_run(staff, write, options):
    args = [write(), "--sign-off", staff[0].key] if options else []

    with pytest.raises(CommandError, match="Give a file"):
        run(*args, by=staff[0].key)
