"""Files that are no message, are broken, or mean harm: refused whole, and nothing happens."""

import http.server
import subprocess
import sys
import threading

import pytest

from insight.models import IngestOutcome, Record
from tests.insight.files import claim, claims_file, event_message, notification, yearly_file
from tests.support.numbers import synthetic_number

pytestmark = pytest.mark.django_db
NAMESPACE = "http://www.npr.no/xmlstds/56_0_0_ipl"


def message(inside="", before="", head='versjon="56.0.0" meldingstype="K"'):
    return f'<?xml version="1.0"?>{before}<Melding xmlns="{NAMESPACE}" {head}>{inside}</Melding>'.encode()


def laughs():
    lines = ['<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)]
    return f"<!DOCTYPE Melding [{''.join(lines)}]>"


LATE_DOCTYPE = message(before="<!--" + "x" * 70_000 + "-->" + laughs(), inside="&a11;")

REFUSED = {
    "empty": (b"", "empty"),
    "blanks": (b" \n \n", "empty"),
    "other text": (b"hei\n", "unknown"),
    "other csv": (b"a;b\n1;2\n", "unknown"),
    "other xml": (b"<html><body/></html>", "unknown"),
    "other namespace": (b'<Melding xmlns="http://www.npr.no/xmlstds/99"/>', "unknown"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "unknown"),
    "claims without columns": (b"melding_id;melding_status;takster;praksistype\n", "header"),
    "parquet that is none": (b"PAR1 and then nothing", "parquet"),
    "old version": (message(head='versjon="50.0.0"'), "version"),
    "truncated": (event_message(notification(1, synthetic_number()))[:-40], "not_well_formed"),
    "mismatched tags": (message("<a></b>"), "structure"),
    "strange element": (message("<Annet/>"), "structure"),
    "deep nesting": (message("<Notifikasjon>" * 5000), "structure"),
    "deep unknown nesting": (
        b'<Melding xmlns="' + NAMESPACE.encode() + b'" versjon="56.0.0">' + b"<a>" * 99_999,
        "structure",
    ),
    "huge attribute": (message(f'<Kommune kommuneNr="{"1" * 11_000_000}"/>'), "not_well_formed"),
    "billion laughs": (message(before=laughs(), inside="&a11;"), "doctype"),
    "billion laughs in an attribute": (
        message(before=laughs(), inside='<Kommune kommuneNr="&a11;"/>'),
        "doctype",
    ),
    "billion laughs far down": (LATE_DOCTYPE, "unknown"),
    "unknown entity": (message("&hei;"), "not_well_formed"),
    "file as entity": (
        message(before='<!DOCTYPE Melding [<!ENTITY x SYSTEM "file:///etc/passwd">]>', inside="&x;"),
        "doctype",
    ),
    "utf-16 with a doctype": (
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE Melding><Melding/>'.encode("utf-16"),
        "doctype",
    ),
    "says UTF-8 and is not": (
        event_message(notification(1, synthetic_number()), encoding="ISO-8859-1").replace(
            b"ISO-8859-1", b"UTF-8"
        ),
        "wrong_encoding",
    ),
    "encoding we do not take": (b'<?xml version="1.0" encoding="EBCDIC-CP-NO"?><a/>', "encoding"),
    "encoding there is not": (b'<?xml version="1.0" encoding="x-hei"?><a/>', "encoding"),
    "yearly without introduction": (
        b'<IPLOS xmlns="http://www.npr.no/xmlstds/iplos/2019" versjon="3.7"></IPLOS>',
        "delivery",
    ),
    "yearly of no year": (yearly_file({}, made="20261399"), "delivery"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_file_is_refused_whole(as_web, taken_in, name):
    content, reason = REFUSED[name]

    report = taken_in(content)

    assert report.file_refused == reason
    assert len(report.lines()) == 1
    assert (IngestOutcome.objects.get().refused, Record.objects.count()) == (reason, 0)


def test_external_dtd_is_never_fetched(as_web, taken_in):
    asked = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_args):
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_port}"
        far = message(before="<!--" + "x" * 70_000 + f'--><!DOCTYPE Melding SYSTEM "{address}/a.dtd">')
        near = message(before=f'<!DOCTYPE Melding PUBLIC "x" "{address}/b.dtd">')
        assert [taken_in(far).file_refused, taken_in(near).file_refused] == ["unknown", "doctype"]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert asked == []


def test_file_that_is_not_there_is_refused(as_web, tmp_path):
    from insight.operations import ingest_file

    assert ingest_file(tmp_path / "finnes-ikke").file_refused == "missing"


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "UTF-16", "windows-1252"])
def test_message_is_read_by_its_declared_encoding(as_web, taken_in, encoding):
    report = taken_in(event_message(notification(1, synthetic_number()), encoding=encoding))

    assert (report.file_refused, report.counts["new"]) == ("", 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_claims_are_read_in_any_of_the_encodings(as_web, taken_in, encoding, separator):
    taken_in(
        claims_file(
            claim(1, synthetic_number(), behandler_navn="Blåøyd sjø"), encoding=encoding, separator=separator
        )
    )

    assert Record.objects.get().provider.name == "Blåøyd sjø"


def test_file_name_with_a_number_is_masked(as_web, tmp_path):
    from insight.operations import ingest_file

    path = tmp_path / f"fra-{synthetic_number().digits}.csv"
    path.write_bytes(b"x")

    assert ingest_file(path).lines()[0].startswith("fra-***********.csv: ")


MEASURE = """
import multiprocessing
import os
import sys
from pathlib import Path
from django.conf import settings
settings.configure(USE_I18N=False)
from insight.ingest.background import read_ahead
from insight.reading.opening import look_at
from insight.sources import message_type_of
opening = look_at(Path(sys.argv[1]))
_source, message = message_type_of(opening)
prepared = message.prepare(opening)

def megabytes(process):
    _, _, most = Path(f"/proc/{process}/status").read_text().partition("VmHWM:")
    return int(most.split()[0]) // 1024 if most else 0  # none of one that has ended

read = most = 0
for lines in read_ahead(message.read(opening, prepared), size=2_000, apart=True):
    read += len(lines)
    most = max(most, *(megabytes(reader.pid) for reader in multiprocessing.active_children()), 0)
print(read, max(most, megabytes(os.getpid())))
"""


@pytest.mark.parametrize("lines", [36_000, pytest.param(1_500_000, marks=pytest.mark.soak)])
@pytest.mark.parametrize("kind", ["xml", "csv"])
def test_reading_takes_no_more_memory_for_a_larger_file(tmp_path, kind, lines):
    def megabytes(count):
        person = synthetic_number()
        content = (
            event_message(*(notification(n, person) for n in range(count)))
            if kind == "xml"
            else claims_file(*(claim(n, person) for n in range(count)))
        )
        path = tmp_path / f"{count}.{kind}"
        path.write_bytes(content)
        run = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", MEASURE, str(path)],
            capture_output=True,
            check=True,
            text=True,
        )
        read, peak = map(int, run.stdout.split())
        assert read == count
        return peak

    small, large = megabytes(6_000), megabytes(lines)

    assert large - small < 12
    assert large < 150
