"""Files that a sender, or somebody who got at the folder between us, made to do harm."""

import json

import duckdb
import pytest

from insight import operations
from insight.models import IngestRun, Provider, Record, SenderIdentity
from insight.reading.convert import MAX_TEXT
from tests.insight.files import claim, claims_file, guid, identity_message
from tests.support.numbers import synthetic_numbers

pytestmark = pytest.mark.django_db
ME, OTHER = synthetic_numbers(2)
FIRST, LAST = ME.digits[:6], ME.digits[6:]
WAYS_TO_WRITE = [
    f"{FIRST}{LAST}", f"{FIRST} {LAST}", f"{FIRST}-{LAST}", f"{FIRST}.{LAST}", f"{FIRST}\u00a0{LAST}",
    f"{FIRST}, {LAST}", f"fnr{FIRST}{LAST}",
]  # fmt: skip


@pytest.fixture
def parquet(tmp_path_factory):
    """Make a Parquet file of these claims at the path."""

    def make(path, *claims):
        folder = tmp_path_factory.mktemp("made")
        (folder / "claims.csv").write_bytes(claims_file(*claims))
        duckdb.sql(
            f"COPY (SELECT * FROM read_csv('{folder}/claims.csv', all_varchar=true)) TO '{folder}/claims.parquet'"
        )
        path.parent.mkdir(exist_ok=True)
        return (folder / "claims.parquet").rename(path)

    return make


@pytest.fixture
def take(tmp_path):
    """Take some bytes in, as a file."""

    def taken(content):
        path = tmp_path / f"file-{len(list(tmp_path.iterdir()))}"
        path.write_bytes(content)
        return operations.ingest_file(path)

    return taken


@pytest.mark.parametrize("name", ["*", "?.parquet", "[ab].parquet", "**"])
def test_name_that_is_a_pattern_reads_that_file_alone(tmp_path, parquet, name):
    parquet(tmp_path / "a.parquet", claim(1, OTHER))
    strange = parquet(tmp_path / name, claim(2, ME))

    report = operations.ingest_file(strange)

    assert (report.counts["new"], report.file_refused) == (1, "")
    assert [str(key) for key in Record.objects.values_list("identity", flat=True)] == [guid(2)]


def test_name_of_a_folder_is_no_column(tmp_path, parquet):
    report = operations.ingest_file(parquet(tmp_path / "alder=99" / "a.parquet", claim(1, ME, alder="41")))

    assert report.counts["new"] == 1
    assert Record.objects.get().variables["age"] == 41


def test_enormous_value_costs_its_own_line_and_little_memory(tmp_path, parquet):
    file = parquet(tmp_path / "a", claim(1, ME, regning_id="x" * 500_000), claim(2, ME))

    report = operations.ingest_file(file)

    assert (report.counts["new"], report.first_refused) == (1, [(1, "too_long")])
    assert MAX_TEXT < 1_000


@pytest.mark.parametrize("number", WAYS_TO_WRITE)
@pytest.mark.parametrize("column", ["regning_id", "takster", "diagnoser", "behandler_navn", "spesialitet"])
def test_number_in_another_column_is_not_kept(take, column, number):
    take(claims_file(claim(1, ME, **{column: number})))

    kept = json.dumps(
        [*Record.objects.values_list("variables", flat=True), *map(str, Provider.objects.all())]
    )
    assert (FIRST in kept, LAST in kept) == (False, False)


def test_number_of_another_kind_is_kept(take):
    take(claims_file(claim(1, ME, regning_id="202401-00012", takster="2ad 123456 00012")))

    kept = Record.objects.get().variables
    assert (kept["claim"], kept["tariffs"]) == ("202401-00012", ["2ad", "123456", "00012"])


@pytest.mark.parametrize("parting", ["", " ", "-", "_", "."])
def test_number_in_the_name_of_a_file_is_kept_and_told_nowhere(tmp_path, parting):
    file = tmp_path / f"til {FIRST}{parting}{LAST}.csv"
    file.write_bytes(claims_file(claim(1, ME)))

    report = operations.ingest_file(file)

    assert report.file_name == IngestRun.objects.get().file_name == "til ***********.csv"


def test_number_as_the_senders_own_id_is_refused(take):
    report = take(identity_message({ME.digits: ME, "a-12345678901": OTHER}))

    assert report.first_refused == [(1, "value")]
    assert list(SenderIdentity.objects.values_list("sender_id", flat=True)) == ["a-12345678901"]
