"""The vault: what a stranger with the whole database learns, and how keys are changed."""

import base64
import hashlib
import subprocess
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from kpr_portal.embedded.postgres import package_folder
from kpr_portal.ground.keyring import CannotOpen, KeyRing, keyring
from kpr_portal.people.embedded_register import CONTEXT as REGISTER_CONTEXT
from kpr_portal.people.models import NumberSeal, Person, RegisterEntry
from kpr_portal.people.operations import people_for, person_for
from kpr_portal.people.queries import find_people, number_of
from kpr_portal.people.vault import CONTEXT
from tests.conftest import database_role
from tests.support.numbers import synthetic_number, synthetic_numbers

PROGRAMS = package_folder() / "pginstall" / "bin"


def plain_traces(number):
    """Every way a careless hand would have kept the number."""
    digits = number.digits.encode()
    hashes = [
        hashlib.new(name, digits).digest()
        for name in ("md5", "sha1", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s")
    ]
    raw = [
        digits,
        digits[::-1],
        digits[:6] + b" " + digits[6:],
        hashlib.blake2b(digits, digest_size=32).digest(),
    ]
    raw += [int(digits).to_bytes(8, "big"), int(digits).to_bytes(5, "big")]
    for value in [*raw, *hashes]:
        yield from (
            value,
            value.hex().encode(),
            base64.b64encode(value),
            base64.b64encode(value).rstrip(b"="),
        )


def program(name, *arguments, database, **options):
    values = connection.settings_dict
    environment = {"PGPASSWORD": values["PASSWORD"], "PGOPTIONS": "-c search_path=public,vault"}
    where = ["-h", values["HOST"], "-p", str(values["PORT"]), "-U", values["USER"]]
    return subprocess.run(
        [str(PROGRAMS / name), *where, *arguments, database],
        check=True,
        capture_output=True,
        env=environment,
        **options,
    )


@pytest.fixture
def dump():
    """The whole database as one stream, as a thief of backups has it."""
    return lambda: program("pg_dump", database=connection.settings_dict["NAME"]).stdout


@pytest.fixture
def restored(dump):
    """A maker of a restored copy of the database, gone after the test."""
    name = f"{connection.settings_dict['NAME']}_restored"

    def restore():
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        program("psql", "-q", "-v", "ON_ERROR_STOP=1", database=name, input=dump())
        return name

    yield restore
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


@pytest.mark.django_db(transaction=True)
class TestWithoutTheKeys:
    def test_dump_holds_no_number_and_no_plain_hash(self, dump, one_human):
        numbers = synthetic_numbers(20)
        one_human(numbers[1], numbers[0], name="Vakker Blomst")
        people_for(numbers)

        whole = dump()

        seals = [bytes(seal) for seal in NumberSeal.objects.values_list("fingerprint", flat=True)]
        assert [seal.hex().encode() in whole for seal in seals] == [True] * 20  # it is all there
        assert [trace for number in numbers for trace in plain_traces(number) if trace in whole] == []
        assert b"Vakker" not in whole

    def test_restored_dump_opens_with_no_other_key(self, restored, one_human, generation, use_keys):
        numbers = synthetic_numbers(5)
        one_human(numbers[1], numbers[0])
        people_for(numbers)
        name = restored()
        use_keys(generation())
        stranger = keyring()

        values = connection.settings_dict
        address = {"host": values["HOST"], "port": values["PORT"], "user": values["USER"]}
        with psycopg.connect(dbname=name, password=values["PASSWORD"], **address) as other:
            seals = other.execute("SELECT ciphertext, fingerprint FROM vault.vault_number_seal").fetchall()
            entries = other.execute("SELECT document, fingerprint FROM vault.vault_register_entry").fetchall()

        assert (len(seals), len(entries)) == (5, 2)
        assert opened(stranger, seals, CONTEXT) == opened(stranger, entries, REGISTER_CONTEXT) == []
        guesses = {stranger.fingerprint(number.digits.encode(), context=CONTEXT) for number in numbers}
        assert guesses & {fingerprint for _sealed, fingerprint in seals} == set()
        assert find_people(numbers) == {}

    def test_seal_opens_in_no_other_context(self):
        person_for(synthetic_number())
        seal = NumberSeal.objects.get()

        assert opened(keyring(), [(seal.ciphertext, b"")], "people.something_else") == []


def opened(ring: KeyRing, rows, context):
    """Whatever the ring opens of these."""
    found = []
    for sealed, _fingerprint in rows:
        try:
            found.append(ring.open(sealed, context=context))
        except CannotOpen:
            continue
    return found


@pytest.mark.django_db
class TestWhereItLies:
    def test_vault_tables_lie_in_a_schema_of_their_own(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT schemaname, tablename FROM pg_tables WHERE tablename LIKE 'vault%' ORDER BY tablename"
            )

            assert cursor.fetchall() == [
                ("vault", "vault_contact_entry"),
                ("vault", "vault_number"),
                ("vault", "vault_number_seal"),
                ("vault", "vault_register_entry"),
            ]

    def test_web_updates_nothing_of_a_person_but_the_lock(self, as_web):
        person = person_for(synthetic_number())

        Person.objects.filter(pk=person.pk).update(row_lock=False)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Person.objects.filter(pk=person.pk).update(key="00000000-0000-4000-8000-000000000000")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Person.objects.filter(pk=person.pk)._raw_delete(connection.alias)


@pytest.mark.django_db
class TestChangeOfKeys:
    NUMBERS = synthetic_numbers(30)

    @staticmethod
    def rotate():
        said = StringIO()
        with database_role("keeper"):
            call_command("rotate_keys", stdout=said)
        return said.getvalue().splitlines()

    def test_people_are_found_at_every_step_of_it(self, use_keys, generation, one_human):
        old, new = generation(), generation()
        use_keys(old)
        one_human(self.NUMBERS[1], self.NUMBERS[0])
        people = people_for(self.NUMBERS)
        steps = []

        use_keys(new, old)
        steps.append(find_people(self.NUMBERS))
        steps.append(self.rotate() and find_people(self.NUMBERS))
        use_keys(new)
        steps.append(find_people(self.NUMBERS))
        steps.append(self.rotate() and find_people(self.NUMBERS))

        assert steps == [people] * 4
        assert set(NumberSeal.objects.values_list("key_id", flat=True)) == {new["id"]}
        assert set(RegisterEntry.objects.values_list("key_id", flat=True)) == {new["id"]}
        assert number_of(people[self.NUMBERS[0]]) == self.NUMBERS[1]

    def test_running_it_twice_does_nothing_more(self, use_keys, generation):
        old, new = generation(), generation()
        use_keys(old)
        people_for(self.NUMBERS)
        use_keys(new, old)

        assert self.rotate() == [
            f"Newest generation: {new['id']}. Numbers to seal: 30.",
            "  sealed 30",
            "Sealed 30 numbers and 0 register rows. Removed 0 retired seals.",
        ]
        assert self.rotate() == [
            f"Newest generation: {new['id']}. Numbers to seal: 0.",
            "Sealed 0 numbers and 0 register rows. Removed 0 retired seals.",
        ]

    def test_batches_reach_everyone(self, use_keys, generation, monkeypatch):
        monkeypatch.setattr("kpr_portal.people.rotation.BATCH", 7)
        old, new = generation(), generation()
        use_keys(old)
        people = people_for(self.NUMBERS)
        use_keys(new, old)
        self.rotate()
        use_keys(new)

        assert self.rotate()[-1] == "Sealed 0 numbers and 0 register rows. Removed 30 retired seals."
        assert find_people(self.NUMBERS) == people

    def test_key_taken_out_too_early_is_told_and_loses_nothing(self, use_keys, generation):
        old, new = generation(), generation()
        use_keys(old)
        people = people_for(self.NUMBERS)
        use_keys(new)

        with pytest.raises(CommandError, match="30 numbers open under no key"):
            self.rotate()

        use_keys(new, old)
        self.rotate()
        assert find_people(self.NUMBERS) == people

    def test_process_with_the_old_ring_makes_nobody_twice(self, use_keys, generation, settings):
        old, new = generation(), generation()
        use_keys(old)
        behind = settings.KEYRING_FILE
        use_keys(new, old)
        person = person_for(self.NUMBERS[0])

        settings.KEYRING_FILE = behind

        assert person_for(self.NUMBERS[0]) == person
        assert number_of(person) == self.NUMBERS[0]

    def test_only_the_keeper_removes_seals(self, as_web):
        person_for(self.NUMBERS[0])

        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            NumberSeal.objects.all().delete()
