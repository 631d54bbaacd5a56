"""Receipts: owed with the choice, made once, readable by all, and never in the way of the choice."""

import io
import subprocess
from datetime import UTC, datetime

import pdfua
import pikepdf
import pytest
from django.utils import translation

from kpr_portal.documents.models import StoredDocument
from kpr_portal.documents.operations import store_document
from kpr_portal.documents.queries import read_document
from kpr_portal.ground import clock
from kpr_portal.notices.models import OwedAttempt, OwedWork
from kpr_portal.notices.queries import due_again
from reservations.models import Receipt
from reservations.operations import issue_receipt
from reservations.tasks import make_receipt
from tests.reservations.conftest import R1, lift, place


def made(entry):
    """The PDF of this line's receipt."""
    issue_receipt(OwedWork.objects.get(cause=entry.key).pk)
    return read_document(Receipt.objects.get(entry=entry).document)


def text_of(pdf):
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_receipt_is_made_once_however_often_it_is_asked_for(person):
    place(R1, person)
    owed = OwedWork.objects.get()

    make_receipt(owed_id=owed.pk)
    make_receipt(owed_id=owed.pk)

    assert (Receipt.objects.count(), StoredDocument.objects.count()) == (1, 2)
    assert list(OwedAttempt.objects.values_list("done", flat=True)) == [True]


def test_receipt_for_nothing_is_no_error(db):
    make_receipt(owed_id=1)

    assert Receipt.objects.count() == 0


def test_receipt_holds_reference_time_and_meaning(person):
    with clock.moved_to(datetime(2027, 6, 3, 12, 5, tzinfo=UTC)):
        entry = place(R1, person)

    document = made(entry)
    text = text_of(document.content)
    assert (document.media_type, document.title) == ("application/pdf", "Kvittering: Du har reservert deg")
    for part in (
        "Kvittering: Du har reservert deg",
        "Ikke utlever fødselsnummeret mitt",
        "3. juni 2027 kl. 14.05",
        "deg selv, i nettportalen",
        entry.reference,
        "Du kan oppheve reservasjonen når som helst.",
        "Det som allerede er utlevert, hentes ikke tilbake.",
    ):
        assert part in text


def test_receipt_of_a_lift_says_so(person):
    place(R1, person)
    text = text_of(made(lift(R1, person)).content)

    assert "Kvittering: Du har opphevet reservasjonen" in text
    assert "Du kan reservere deg igjen når som helst." in text


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_receipt_is_in_the_language_the_page_had(person, language):
    with translation.override(language):
        entry = place(R1, person)

    with pikepdf.open(io.BytesIO(made(entry).content)) as pdf:
        assert str(pdf.Root.Lang) == language
        assert "/StructTreeRoot" in pdf.Root
    assert Receipt.objects.get().language == language


def test_receipt_passes_the_accessibility_checker(person, tmp_path):
    path = tmp_path / "receipt.pdf"
    path.write_bytes(made(place(R1, person)).content)

    assert pdfua.validate(str(path)).findings == ()


def test_receipt_is_set_in_our_own_font_by_our_own_stylesheet(person, caplog):
    with pikepdf.open(io.BytesIO(made(place(R1, person)).content)) as pdf:
        fonts = {str(font.BaseFont).split("+")[1] for font in pdf.pages[0].Resources.Font.values()}

    assert {font.split("-")[0] for font in fonts} == {"Inter"}
    assert [record for record in caplog.records if record.name == "weasyprint"] == []


def test_receipt_is_kept_encrypted(person):
    entry = place(R1, person)
    pdf = made(entry).content

    kept = [bytes(document.ciphertext) for document in StoredDocument.objects.all()]
    assert [pdf[:5] in sealed for sealed in kept] == [False, False]


@pytest.mark.parametrize("do", [place, lift])
def test_receipt_has_a_copy_for_the_archive_that_says_the_same(person, do):
    """As every letter has (tests/reservations/postal/letters)."""
    if do is lift:
        place(R1, person)
    entry = do(R1, person)
    shown = made(entry)
    receipt = Receipt.objects.get(entry=entry)

    archived = read_document(receipt.archive)

    assert receipt.archive != receipt.document
    assert (archived.title, text_of(archived.content)) == (shown.title, text_of(shown.content))
    with pikepdf.open(io.BytesIO(archived.content)) as pdf, pdf.open_metadata() as metadata:
        says = (metadata["pdfaid:part"], metadata["pdfaid:conformance"])
        intents = [str(intent["/S"]) for intent in pdf.Root.OutputIntents]
        assert (says, intents, "/StructTreeRoot" in pdf.Root) == (("3", "A"), ["/GTS_PDFA1"], True)


def test_both_copies_are_kept_as_long_as_the_register(person):
    made(place(R1, person))

    assert list(StoredDocument.objects.values_list("expires_at", flat=True)) == [None, None]


def test_receipt_from_before_archive_copies_is_still_there(person):
    entry = place(R1, person)
    document = store_document(b"%PDF", media_type="application/pdf", title="Kvittering").key
    Receipt.objects.create(entry=entry, document=document, language="nb")

    issue_receipt(OwedWork.objects.get().pk)

    assert Receipt.objects.get().archive is None


def test_broker_gone_never_fails_the_choice(person, queue_gone, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        entry = place(R1, person)

    owed = OwedWork.objects.get()
    assert (owed.cause, owed.attempts.count()) == (entry.key, 0)
    with clock.moved_to(clock.now().replace(year=clock.now().year + 1)):
        assert due_again(limit=10) == [owed]
