import gc
import tempfile
import uuid
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from celery.signals import worker_process_shutdown

from kpr_portal.documents.errors import DocumentGone
from kpr_portal.documents.models import DocumentKey, StoredDocument
from kpr_portal.documents.operations import erase_document, erase_expired, store_document
from kpr_portal.documents.queries import read_document
from kpr_portal.documents.rendering import OutsideOurFiles, render_pdf, static_file
from kpr_portal.documents.warming import warm_up
from kpr_portal.ground import clock
from tests.conftest import database_role
from tests.support.overlaps import printed_over

SECRET = "Rolig Fjell har reservert seg"
PAGE = """<!doctype html><html lang="nb"><head><title>Kvittering</title></head><body><h1>Æøå</h1>
<table><thead><tr><th>Når</th><th>Hva</th></tr></thead>
<tbody><tr><th>3. juni</th><td>Reservert</td></tr></tbody></table>{}</body></html>"""


@pytest.mark.django_db
def test_stored_document_opens_again_and_its_row_tells_nothing():
    document = store_document(SECRET.encode(), media_type="text/plain", title="Kvittering Rolig Fjell")

    opened = read_document(document.key)
    row = bytes(StoredDocument.objects.get().ciphertext) + bytes(DocumentKey.objects.get().sealed)

    assert (opened.content, opened.media_type, opened.title) == (
        SECRET.encode(),
        "text/plain",
        "Kvittering Rolig Fjell",
    )
    assert b"Rolig" not in row


@pytest.mark.django_db
def test_erased_document_is_gone_with_its_key():
    document = store_document(b"x", media_type="text/plain", title="t")
    with database_role("keeper"):
        erase_document(document.key)

    with pytest.raises(DocumentGone):
        read_document(document.key)
    assert (StoredDocument.objects.count(), DocumentKey.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_document_without_its_key_is_gone_although_its_row_is_there():
    document = store_document(b"x", media_type="text/plain", title="t")
    DocumentKey.objects.all().delete()

    with pytest.raises(DocumentGone):
        read_document(document.key)


@pytest.mark.django_db
def test_expired_document_is_gone_at_once_and_erased_by_the_keeper():
    soon = clock.now() + timedelta(minutes=10)
    document = store_document(b"x", media_type="text/plain", title="t", expires_at=soon)
    kept = store_document(b"y", media_type="text/plain", title="t")

    with clock.shift(timedelta(minutes=11)):
        with pytest.raises(DocumentGone):
            read_document(document.key)
        with database_role("keeper"):
            erased = erase_expired()

    assert erased == 1
    assert list(StoredDocument.objects.values_list("key", flat=True)) == [kept.key]


@pytest.mark.django_db
def test_unknown_document_is_gone():
    with pytest.raises(DocumentGone):
        read_document(uuid.uuid4())


def structure(pdf, tag):
    found, waiting = [], [pdf.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        if isinstance(element, pikepdf.Dictionary):
            if element.get("/S") == tag:
                found.append(element)
            kids = element.get("/K", [])
            waiting += list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return found


def test_pdf_is_tagged_titled_and_its_headers_have_scopes():
    with pikepdf.open(BytesIO(render_pdf(PAGE.format("")))) as pdf:
        scopes = sorted(str(th["/A"]["/Scope"]) for th in structure(pdf, "/TH"))
        title = str(pdf.docinfo["/Title"])
        language = str(pdf.Root.Lang)

    assert (title, language, scopes) == ("Kvittering", "nb", ["/Column", "/Column", "/Row"])


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:1/x.png",
        "https://example.invalid/x.png",
        "data:image/png;base64,AAAA",
        "https://static.invalid/../../../etc/passwd",
        "https://static.invalid/%2e%2e/%2e%2e/etc/passwd",
        "https://static.invalid/nothing-here.css",
    ],
)
def test_document_loads_nothing_but_our_own_static_files(url):
    with pytest.raises(OutsideOurFiles):
        static_file(url)

    with pytest.raises(OutsideOurFiles):
        render_pdf(PAGE.format(f'<img alt="x" src="{url}">'))


@pytest.mark.parametrize(
    "href",
    ["file:///etc/passwd", "http://127.0.0.1:1/x.css", "data:text/css,p{}", "../../etc/passwd", "no.css"],
)
def test_stylesheet_of_the_head_is_one_of_our_own(href):
    page = PAGE.format("").replace("</head>", f'<link rel="stylesheet" href="{href}"></head>')

    with pytest.raises(OutsideOurFiles):
        render_pdf(page)


def test_foot_of_every_page_is_an_artifact_and_no_content():
    foot = "<style>@page { @bottom-left { content: 'foot' } }</style>"
    with pikepdf.open(BytesIO(render_pdf(PAGE.format("").replace("</head>", f"{foot}</head>")))) as pdf:
        drawn = pdf.pages[0].Contents.read_bytes()
        owners = list(pdf.Root.StructTreeRoot.ParentTree.Nums)[1]
        kept = [owner for owner in owners if isinstance(owner, pikepdf.Dictionary)]

    assert drawn.count(b"/Artifact") == 1
    assert len(kept) == len(owners) - 1


FIELDS = """<p><label for="name">Navn</label><input id="name" name="name" title="Hele navnet" maxlength="9"></p>
<p><input name="own_number" title="Nummer" maxlength="11"><input type="checkbox" name="yes" title="Ja"></p>"""


def test_fields_have_names_tips_and_a_font_with_an_encoding():
    with pikepdf.open(BytesIO(render_pdf(PAGE.format(FIELDS), fillable=True))) as pdf:
        form = pdf.Root.AcroForm
        fields = [(str(field.T), str(field.TU), int(field.get("/Ff", 0)) >> 24 & 1) for field in form.Fields]
        font = form.DR.Font.Typed

        assert fields == [("name", "Hele navnet", 0), ("own_number", "Nummer", 1), ("yes", "Ja", 0)]
        assert (str(font.Subtype), str(font.Encoding)) == ("/TrueType", "/WinAnsiEncoding")
        assert len(font.Widths) == 224
        assert "/FontFile2" in font.FontDescriptor


def test_page_that_is_not_to_be_filled_in_has_no_fields():
    with pikepdf.open(BytesIO(render_pdf(PAGE.format(FIELDS)))) as pdf:
        assert "/AcroForm" not in pdf.Root


FONTS = "<style>@font-face {font-family: Inter; src: url(inter-400.woff2)} p {font-family: Inter}</style>"


def test_worker_that_ends_leaves_no_fonts_behind(monkeypatch, tmp_path):
    worker_process_shutdown.send(sender=None)  # what other tests have drawn with
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    render_pdf(PAGE.format(f"{FONTS}<p>Æøå</p>"))
    while_it_works = list(tmp_path.glob("weasyprint-*/*"))

    worker_process_shutdown.send(sender=None)

    assert while_it_works
    assert list(tmp_path.iterdir()) == []


def test_warm_worker_looks_through_nothing_that_stays_and_still_leaves_no_fonts(monkeypatch, tmp_path):
    worker_process_shutdown.send(sender=None)  # what other tests have drawn with
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    try:
        render_pdf(PAGE.format(f"{FONTS}<p>Æøå</p>"))
        warm_up()
        looked_through, kept = len(gc.get_objects()), gc.get_freeze_count()
        worker_process_shutdown.send(sender=None)
    finally:
        gc.unfreeze()

    assert kept > 100 * looked_through
    assert list(tmp_path.iterdir()) == []


def test_words_printed_over_each_other_are_found():
    under = '<p style="margin: 0">Rolig Fjell</p>'
    over = '<p style="margin: -1em 0 0">Glad Kvist</p>'

    assert printed_over(render_pdf(PAGE.format(under + over))) == [("Rolig", "Glad"), ("Fjell", "Kvist")]
    assert printed_over(render_pdf(PAGE.format(under + under))) == []
