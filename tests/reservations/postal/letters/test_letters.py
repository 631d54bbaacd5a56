"""Every letter as it comes out of the printer: readable by all, in order, in every language and size."""

import io
import os
import re
import subprocess
from pathlib import Path

import outloud
import pdfua
import pikepdf
import pytest
from django.conf import settings

from kpr_portal.documents.queries import read_document
from reservations.postal.letters.kinds import CONFIRMATION, COVER, KINDS, MORE_NEEDED, REFUSAL
from reservations.postal.letters.operations import queue_for_posting
from reservations.postal.models import Letter
from tests.reservations.conftest import R1, lift, place
from tests.reservations.postal.letters.conftest import VALUES, a_form, made, make_all
from tests.support.family import number_of
from tests.support.leaks import numbers_in
from tests.support.overlaps import printed_over

pytestmark = pytest.mark.django_db

CODES = {kind.code: kind for kind in KINDS}
LANGUAGES = [code for code, _name in settings.LANGUAGES]
TEMPLATES = Path(settings.BASE_DIR) / "templates/postal/letters"


def letter_of(code, recipient, **options):
    if code != COVER.code:
        return made(CODES[code], recipient, **options)
    queue_for_posting(a_form(), recipient=recipient, by=None, title="Be om innsyn", **options)
    make_all()
    return Letter.objects.get()


def text_of(pdf, *options):
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def in_a_row(pdf, *options):
    return " ".join(text_of(pdf, *options).split())


def tag_tree(pdf):
    """The tags of a PDF in the order they are read, without those that hold but one other."""
    found, waiting = [], [pdf.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        if isinstance(element, pikepdf.Dictionary):
            if "/S" in element:
                found.append(str(element["/S"]).lstrip("/"))
            kids = element.get("/K", [])
            waiting += list(reversed(list(kids))) if isinstance(kids, pikepdf.Array) else [kids]
    return found


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_letter_is_read_by_everybody(code, language, large, family, tmp_path):
    letter = letter_of(code, family.person("much_data"), language=language, large_print=large)
    opened = read_document(letter.screen)
    path = tmp_path / "letter.pdf"
    path.write_bytes(opened.content)
    if pictures := os.environ.get("LETTERS_TO"):
        (Path(pictures) / f"{code}-{language}{'-large' * large}.pdf").write_bytes(opened.content)

    found = outloud.check(str(path))
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)

    assert pdfua.validate(str(path)).findings == ()
    assert printed_over(path.read_bytes()) == []
    assert [(f.rule, f.message) for f in found.findings if f.severity == "error"] == []
    assert found.error is None
    assert checked.returncode == 0
    with pikepdf.open(io.BytesIO(opened.content)) as pdf:
        fonts = {
            str(font.BaseFont).split("+")[1].split("-")[0]
            for page in pdf.pages
            for font in page.Resources.Font.values()
        }
        assert (str(pdf.Root.Lang), str(pdf.docinfo["/Title"])) == (language, opened.title)
        assert fonts == {"Inter"}
        assert tag_tree(pdf).count("H1") == 1


@pytest.mark.parametrize("code", CODES)
def test_copy_for_the_archive_says_the_same_and_is_made_for_it(code, family):
    letter = letter_of(code, family.person("much_data"))
    screen, archive = (read_document(key).content for key in (letter.screen, letter.archive))

    with pikepdf.open(io.BytesIO(archive)) as pdf, pdf.open_metadata() as metadata:
        says = (metadata["pdfaid:part"], metadata["pdfaid:conformance"])
        intents = [str(intent["/S"]) for intent in pdf.Root.OutputIntents]
        has_tags = "/StructTreeRoot" in pdf.Root
    assert (says, intents, has_tags) == (("3", "A"), ["/GTS_PDFA1"], True)
    assert in_a_row(archive) == in_a_row(screen)


def test_letter_reads_in_order(family):
    with_letters = "Ærlig Ødegård Åsheim"
    family.change("much_data", name=with_letters)
    letter = made(REFUSAL, family.person("much_data"))

    text = in_a_row(read_document(letter.screen).content, "-raw")

    parts = [
        settings.OWNER_NAME,
        with_letters,
        "Bjørkeveien 1",
        "7011 Trondheim",
        f"Vår referanse {letter.number}",
        "Vi kan ikke gjøre det du ba om",
        "Du ba om dette: Å oppheve reservasjonen for Glad Kvist.",
        "Hvorfor",
        *VALUES[REFUSAL.code]["reasons"],
        "Regelen vi har brukt",
        *VALUES[REFUSAL.code]["provision"],
        "Slik klager du",
        str(settings.OWNER_COMPLAINT),
        "Vennlig hilsen",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)


def test_letter_of_two_pages_numbers_them(family):
    letter = made(REFUSAL, family.person("much_data"), large_print=True)

    pages = text_of(read_document(letter.screen).content).split("\f")[:-1]

    assert len(pages) >= 2
    assert [f"Side {n} av {len(pages)}" in page for n, page in enumerate(pages, 1)] == [True] * len(pages)


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
def test_window_shows_name_and_address_and_nothing_else(family, large):
    """Whatever way the sheet slides in a C5 or an E65 envelope (static/print/letterhead.css)."""
    letter = made(REFUSAL, family.person("much_data"), large_print=large)
    points_a_mm = 72 / 25.4
    x, y, width, height = (str(round(mm * points_a_mm)) for mm in (0, 29, 120, 50))

    seen = text_of(
        read_document(letter.screen).content,
        *("-f", "1", "-l", "1", "-x", x, "-y", y, "-W", width, "-H", height),
    )

    assert seen.split("\n")[:3] == ["Stødig Bjørk", "Bjørkeveien 1", "7011 Trondheim"]
    assert seen.strip("\n\f").count("\n") == 2


@pytest.mark.parametrize("code", CODES)
def test_no_letter_shows_a_number(code, family):
    letter = letter_of(code, family.person("much_data"))

    for key in (letter.screen, letter.archive):
        opened = read_document(key)
        text = text_of(opened.content) + opened.title
        assert number_of("much_data").digits not in re.sub(r"\D", "", text)
        assert numbers_in(text) == []


def test_confirmation_of_what_the_register_holds(family):
    person = family.person("much_data")
    placed = place(R1, person)
    lifted = lift(R1, person)

    letter = made(CONFIRMATION, person, values={"entries": [placed.key, lifted.key]}, about=placed.key)

    text = in_a_row(read_document(letter.screen).content)
    for part in (
        "Ikke utlever fødselsnummeret mitt",
        placed.reference,
        lifted.reference,
        "Reservert",
        "Opphevet",
        "Det som allerede er utlevert, hentes ikke tilbake.",
    ):
        assert part in text


def test_letter_to_another_says_whom_it_is_about(family):
    letter = made(
        MORE_NEEDED, family.person("parent"), values={**VALUES["more_needed"], "for_name": "Glad Kvist"}
    )

    assert "Dette gjelder Glad Kvist." in in_a_row(read_document(letter.screen).content)


@pytest.mark.parametrize(
    ("setting", "promise"), [("", False), ("Svarsending 0000, 0090 Oslo", True)], ids=["stamp", "prepaid"]
)
def test_cover_letter_promises_free_post_only_where_it_is(family, settings, setting, promise):
    settings.REPLY_ADDRESS = setting

    text = in_a_row(read_document(letter_of(COVER.code, family.person("much_data")).screen).content)

    assert ("Du trenger ikke frimerke." in text) is promise
    assert (setting or settings.OWNER_ADDRESS) in text


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.stem)
def test_template_has_no_words_of_its_own(template):
    """Every fixed text stands in kinds.py, so that the version of the text tells all of them."""
    source = re.sub(r"{%.*?%}|{{.*?}}|<[^>]*>", "", template.read_text("utf-8"), flags=re.DOTALL)

    assert "translate" not in template.read_text("utf-8")
    assert source.split() == []
