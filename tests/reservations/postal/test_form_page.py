"""The form as it is printed: what stands on it, in which order, and that everybody can read it."""

import re
import subprocess

import outloud
import pdfua
import pytest
from django.utils import translation

from kpr_portal.ground.keyring import keyring
from reservations.postal.answers import (
    LANGUAGES,
    MOST_ADDRESS,
    MOST_ADDRESS_LINES,
    MOST_DETAILS,
    MOST_DETAILS_LINES,
    MOST_NAME_BYTES,
    MOST_OFFICE,
    MOST_OFFICE_ADDRESS,
    MOST_OFFICE_LINES,
    MOST_WORKPLACE,
    FormAnswers,
    Helper,
    Named,
    Office,
)
from reservations.postal.bases import PARENT, SELF
from reservations.postal.code import MAGIC, VERSION, FormKind, read, write
from reservations.postal.form_page import form_html, make_form
from reservations.postal.kinds import (
    ERASE_OR_BLOCK,
    FORMS,
    HELPER_INSIGHT,
    INSIGHT,
    LIFT,
    RESERVATION,
    all_forms,
    form_of,
)
from reservations.postal.sheet import sheet_of
from reservations.postal.symbol import draw
from tests.reservations.postal.printed import (
    ALL,
    CHILD,
    NAME,
    REFERENCE,
    SAMPLE,
    SIGNER,
    SIGNER_NAME,
    blank,
    codes,
    filled,
    name_of,
    opened,
    pages,
    pictures,
    printed,
    text_of,
    texts_of,
)
from tests.support.overlaps import printed_over

MOST_BYTES = 60_000
SAMPLED = pytest.mark.parametrize("answers", SAMPLE, ids=name_of)


def wrong_with(answers, folder):
    """Everything that a checker, a scanner or a ruler finds wrong with a form; nothing where it is well."""
    pdf = printed(answers)
    path = folder / "form.pdf"
    path.write_bytes(pdf)
    heard = outloud.check(str(path))
    checked = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, check=False)
    return [
        *(str(found) for found in pdfua.validate(str(path)).findings),
        *(str(found) for found in heard.findings if found.severity != "info"),
        *([checked.stdout.decode()] if checked.returncode else []),
        *([f"{len(pdf)} bytes"] if len(pdf) > MOST_BYTES else []),
        *([f"{pages(pdf)} pages"] if pages(pdf) not in promised_pages(answers) else []),
        *wrong_codes(answers),
        *map(str, printed_over(pdf)),
    ]


# As long as a code has room for.
LONG_NAME = "Wilhelmina Magdalena Åsmundsdatter av Tromsøy og Bjarkøy"


def promised_pages(answers):
    """One sheet. In large print two, both sides."""
    if answers.large_print:
        return range(2, 5)
    one_side = (
        answers.basis == "self" and answers.kind != FormKind.HELPER_INSIGHT and len(answers.details) < 200
    )
    return range(1, 2) if one_side else range(2, 3)


def as_long_as_may_be(answers):
    """As many wide letters and lines as the fields take, where they take most room: one line is all the rest."""
    details, address = ("W\n" * (lines - 1) + "W" * (most - 2 * lines + 2) for most, lines in MOST_TYPED)
    name, workplace = "W" * MOST_NAME_BYTES, "W" * MOST_WORKPLACE
    office = Office(
        "W" * MOST_OFFICE,
        "W\n" * (MOST_OFFICE_LINES - 1) + "W" * (MOST_OFFICE_ADDRESS - 2 * MOST_OFFICE_LINES + 2),
    )
    return answers.with_(
        details=answers.details and details,
        helper=answers.helper and Helper(name, workplace, address),
        office=answers.office and office,
    )


MOST_TYPED = ((MOST_DETAILS, MOST_DETAILS_LINES), (MOST_ADDRESS, MOST_ADDRESS_LINES))
LONGEST = [
    as_long_as_may_be(filled(form, basis, language, large_print=large))
    for form, basis in all_forms()
    if form.details or form.helper or basis.for_an_office
    for language in LANGUAGES
    for large in (False, True)
]


LONG_NAMES = [
    answers.with_(person=Named(LONG_NAME, CHILD), signer=answers.signer and Named(LONG_NAME, SIGNER))
    for form, basis in all_forms()
    for large in (False, True)
    for answers in [filled(form, basis, large_print=large)]
    if basis in (SELF, PARENT) and form in (RESERVATION, INSIGHT)
]


def wrong_codes(answers):
    """One at the top of the first page and one after what is signed, with the very bytes."""
    written = write(answers.content(), prover=keyring())
    seen = pictures(printed(answers))
    top, last = codes(seen[0]), codes(seen[-1])
    first = [found for place, found in top if place < 0.25]
    lowest = last[-1][1] if last and (len(seen) > 1 or last[-1][0] > 0.7) else None
    return [] if (first, lowest) == ([written], written) else ["codes"]


@SAMPLED
def test_form_is_readable_by_everybody_and_by_the_scanner(answers, tmp_path):
    assert wrong_with(answers, tmp_path) == []


@pytest.mark.parametrize("answers", LONGEST, ids=name_of)
def test_longest_texts_keep_the_form_on_its_sheet(answers):
    """In large print one line of a field full of wide letters may be too much for two sheets, and begin a third."""
    most = max(promised_pages(answers)) + answers.large_print

    assert pages(make_form(answers)) <= most


@pytest.mark.parametrize("answers", LONG_NAMES, ids=name_of)
def test_longest_names_have_a_box_that_grows_and_nothing_under_them(answers):
    pdf = make_form(answers)

    assert (printed_over(pdf), pages(pdf) in promised_pages(answers)) == ([], True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [blank, filled])
def test_large_form_says_when_the_other_parent_signs_beside_where_it_is_signed(make, language):
    with translation.override(language):
        asks, signs = (
            translation.gettext(text)
            for text in (
                "Skal en reservasjon fra den andre forelderen oppheves? Da skriver den forelderen også under.",
                "Den andre forelderens underskrift",
            )
        )
    answers = make(RESERVATION, PARENT, language, large_print=True)
    if not answers.is_blank:
        lifted = next(
            o.code for choice in RESERVATION.choices() for o in choice.options if o.code.endswith(LIFT)
        )
        answers = answers.with_(choices=(lifted,))
    seen = texts_of(make_form(answers))

    assert [page for page, text in enumerate(seen) if asks in text] == [
        page for page, text in enumerate(seen) if signs in text
    ]


@pytest.mark.parametrize(
    ("basis", "lines", "sides", "told"),
    [
        (SELF, 4, 1, 0),
        (SELF, MOST_DETAILS_LINES, 2, 1),
        (PARENT, 4, 2, 1),
        (PARENT, MOST_DETAILS_LINES, 2, 1),
    ],
)
def test_form_with_many_short_lines_goes_on_overleaf_and_says_so(basis, lines, sides, told):
    pdf = make_form(filled(ERASE_OR_BLOCK, basis).with_(details="\n".join("a" * lines)))

    assert (pages(pdf), text_of(pdf).count("Skjemaet fortsetter på neste side.")) == (sides, told)


LARGE = [answers for answers in SAMPLE if answers.large_print]


@pytest.mark.parametrize("answers", LARGE, ids=name_of)
def test_large_form_says_on_every_page_but_the_last_that_it_goes_on(answers):
    said = {
        "nb": "Skjemaet fortsetter på neste side.",
        "nn": "Skjemaet held fram på neste side.",
        "en": "The form continues on the next page.",
    }[answers.language]
    seen = texts_of(printed(answers))

    assert [text.count(said) for text in seen] == [1] * (len(seen) - 1) + [0]


@pytest.mark.parametrize("answers", SAMPLE, ids=name_of)
def test_sheets_after_the_first_say_what_they_belong_to(answers):
    with translation.override(answers.language):
        title = str(sheet_of(answers).form.title)
    _first, *others = texts_of(printed(answers))
    head = title if answers.is_blank else f"{title} {REFERENCE} · {NAME}"

    assert [text for text in others if not text.startswith(head)] == []


def test_head_of_a_sheet_has_room_for_the_longest_name():
    name = LONG_NAME
    answers = filled(RESERVATION, PARENT, large_print=True)
    pdf = make_form(answers.with_(person=type(answers.person)(name, CHILD)))

    assert all("Wilhelmina Magdalena Åsmundsdatter av…" in text for text in texts_of(pdf)[1:])
    assert printed_over(pdf) == []


def test_question_stands_on_the_page_of_its_box():
    first, second, *_ = texts_of(printed(filled(HELPER_INSIGHT, PARENT, "en", large_print=True)))
    question = "The workplace, if the helper does this at work"

    assert (question in first, f"{question} Ås legesenter" in second) == (False, True)


@pytest.mark.soak
def test_every_form_in_every_way_is_readable(tmp_path):
    wrong = {name_of(answers): wrong_with(answers, tmp_path) for answers in ALL}

    assert len(wrong) == 3 * 2 * 2 * len(list(all_forms()))
    assert {name: found for name, found in wrong.items() if found} == {}


def test_sample_meets_every_form_in_every_way_it_is_printed():
    ways = {(a.language, a.large_print, a.is_blank) for a in SAMPLE}

    assert len(ways) == 12
    assert {(a.kind, a.basis) for a in SAMPLE} == {(form.kind, basis.code) for form, basis in all_forms()}
    for form in FORMS:
        assert {a.is_blank for a in SAMPLE if a.kind is form.kind} == {True, False}


@SAMPLED
def test_form_says_its_title_its_language_and_no_colour(answers):
    pdf = opened(printed(answers))
    with translation.override(answers.language):
        sheet = sheet_of(answers)
        title = f"{sheet.form.title}: {sheet.basis.title}"

    assert (str(pdf.docinfo["/Title"]), str(pdf.Root.Lang)) == (title, answers.language)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert coloured(answers) == []


def coloured(answers):
    """The colours of a form that are no grey."""
    seen = [picture.convert("RGB") for picture in pictures(printed(answers), dots=20)]
    colours = {colour for one in seen for _, colour in one.getcolors(one.width * one.height)}
    return [colour for colour in colours if len(set(colour)) > 1]


@SAMPLED
def test_fonts_are_our_own_and_embedded(answers):
    listed = subprocess.run(["pdffonts", "-"], input=printed(answers), capture_output=True, check=True)
    rows = listed.stdout.decode().splitlines()[2:]

    assert rows
    assert [
        row for row in rows if not re.match(r"[A-Z]{6}\+(?:Inter|Typed)\S* .* yes +\S+ +\S+ +\d+ +\d+$", row)
    ] == []


@pytest.mark.parametrize("name", ["Áhkká Čuđi-Ŋiŋa Šuŧŧá", "Žižek Őri Łukasz", "Γιώργος Шевченко"])
def test_name_is_printed_with_its_own_letters(name):
    answers = filled(INSIGHT, SELF)
    pdf = printed(answers.with_(person=type(answers.person)(name, CHILD)))
    listed = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()

    assert name in text_of(pdf)
    assert ("DejaVu" in listed) == ("Ш" in name)


def test_form_is_read_in_the_order_of_the_page():
    text = text_of(printed(filled(RESERVATION, PARENT)))
    parts = [
        "Folkehelseinstituttet (FHI), arkivet",
        f"{RESERVATION.title}: {PARENT.title}",
        "1. Hva vil du? Velg ett eller begge.",
        "Ikke utlever fødselsnummeret mitt Helseopplysningene dine kan fortsatt utleveres fra KPR, men uten",
        "Unntak kan følge av lov.",
        "2. Barnet skjemaet gjelder",
        NAME,
        "Født 1. mars 2014",
        "X Barnet har fått si hva det mener.",
        "Er barnet mellom 12 og 15 år?",
        "3. Forelder som skriver under",
        SIGNER_NAME,
        "Svaret kommer til adressen din i Folkeregisteret. Har du adressesperre? Ikke skriv adressen.",
        "4. Legg ved",
        "Bare hvis det ikke står i Folkeregisteret at du har foreldreansvar",
        "5. Skriv under",
        "Språket i svaret fra oss Bokmål X Nynorsk",
        "Underskrift",
        "Dette skjer videre",
        "Retten står i KPR-forskriften § 2-2.",
    ]
    places = [text.find(part) for part in parts]

    assert [part for part, place in zip(parts, places, strict=True) if place < 0] == []
    assert places == sorted(places)


def test_numbers_stand_in_boxes_and_are_one_word_to_a_screen_reader():
    pdf = opened(printed(filled(RESERVATION, PARENT)))
    drawn = b"".join(page.Contents.read_bytes() for page in pdf.pages)

    assert pdf.pages  # and in the text, digit by digit
    digits = "".join(text_of(printed(filled(RESERVATION, PARENT))).split())
    assert (CHILD in digits, SIGNER in digits) == (True, True)
    # Eleven digits in one piece of marked content: heard as one number.
    assert any(len(re.findall(rb"<[0-9a-f]{4}>", piece)) == 11 for piece in drawn.split(b"BDC"))


def test_what_the_code_says_stands_beside_it_as_text():
    text = text_of(printed(filled(RESERVATION, PARENT)))

    said = (str(PARENT.title), "Ikke utlever fødselsnummeret mitt: Reservere")
    assert [part for part in (*said, f"Referanse {REFERENCE}") if part not in text] == []


@pytest.mark.parametrize("answers", [blank(INSIGHT, SELF), filled(HELPER_INSIGHT, PARENT)], ids=name_of)
def test_code_is_as_wide_as_its_symbol_says(answers):
    symbol = draw(write(answers.content(), prover=keyring()))
    size = f'width="{symbol.size_mm:.2f}mm" height="{symbol.size_mm:.2f}mm"'

    assert form_html(answers).count(size) == 2


def test_code_of_a_filled_form_opens_to_what_was_typed_and_holds_no_address():
    answers = filled(HELPER_INSIGHT, PARENT)
    (_, written), *_ = codes(pictures(printed(answers))[0])

    assert read(written, prover=keyring()) == answers.content()
    assert [part for part in ("Storgata", "1430", "Ada", "legesenter") if part.encode() in written] == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.slug)
def test_code_of_a_blank_form_says_kind_version_and_language_only(form):
    (_, written), *_ = codes(pictures(printed(blank(form, SELF, "en")))[0])

    assert written == MAGIC + bytes([VERSION, form.kind, 3, 0])


def test_longest_names_stand_whole_on_the_form():
    answers = filled(INSIGHT, SELF)
    answers = answers.with_(person=type(answers.person)(LONG_NAME, CHILD))

    assert LONG_NAME in text_of(printed(answers))
    assert pages(printed(answers)) == 1


def test_form_of_each_kind_is_of_that_kind():
    for form, basis in all_forms():
        sheet = sheet_of(FormAnswers(form.kind, basis.code, "nb"))
        assert (sheet.form.kind, sheet.basis, form_of(form.kind)) == (form.kind, basis, form)
