"""Beside the code stands what it says, as print: everything but names and numbers, which stand in their boxes."""

import html
import re

import pytest
from django.utils import translation

from kpr_portal.ground.keyring import keyring
from reservations.postal.answers import ANSWER_IN, HEARD, KEEP_FROM_PARENTS, LANGUAGES
from reservations.postal.bases import PARENT
from reservations.postal.code import FormContent, Tag, read
from reservations.postal.code_words import in_words
from reservations.postal.form_page import form_html
from reservations.postal.kinds import INSIGHT, RESERVATION, all_forms
from tests.reservations.postal.contents import NUMBERS, fullest, options_of
from tests.reservations.postal.printed import SAMPLE, codes, name_of, pictures, printed, texts_of

POINTS_AT_THE_BOXES = {
    "nb": "Koden sier navn og nummer i skjemaet, og:",
    "nn": "Koden seier namn og nummer i skjemaet, og:",
    "en": "The code says the name and number, and:",
}
ANSWERED_IN = {
    "nb": ("Språket i svaret fra oss: ", {"nb": "Bokmål", "nn": "Nynorsk", "en": "Engelsk"}),
    "nn": ("Språket i svaret frå oss: ", {"nb": "Bokmål", "nn": "Nynorsk", "en": "Engelsk"}),
    "en": ("Language of our answer: ", {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}),
}
TICKED = {
    HEARD: {
        "nb": ("Barnet har fått si hva det mener.", "Personen har fått si sin mening."),
        "nn": ("Barnet har fått seie kva det meiner.", "Personen har fått seie meininga si."),
        "en": (
            "The child has been able to say what they think.",
            "The person has been able to say what they think.",
        ),
    },
    KEEP_FROM_PARENTS: {
        "nb": ("Vil ikke at foreldrene skal få vite om dette",) * 2,
        "nn": ("Vil ikkje at foreldra skal få vite om dette",) * 2,
        "en": ("Does not want the parents to know about this",) * 2,
    },
}
EVERY_FORM = pytest.mark.parametrize(
    ("form", "basis"), [pytest.param(f, b, id=f"{f.slug}-{b.slug}") for f, b in all_forms()]
)


def said_of(content, form, basis, language):
    """What stands beside a code of this content, by the field. None of a code's fields is without its words."""
    form = form.signed_by(basis)
    options = {o.code: (c, o) for c in form.choices() for o in c.options}
    ticks = content.fields.get(Tag.TICKS, "").split(",")
    (answer,) = [t.removeprefix(ANSWER_IN) for t in ticks if t.startswith(ANSWER_IN)] or [language]
    before, names = ANSWERED_IN[language]
    words = {
        Tag.BASIS: lambda text: [f"{form.title}: {basis.title}"],
        Tag.CHOICES: lambda text: [
            f"{c.title}: {o.label}" if len(c.options) > 1 and c.title != form.title else str(o.label)
            for c, o in (options[code] for code in text.split(","))
        ],
        Tag.TICKS: lambda text: [
            TICKED[t][language][not basis.for_a_child] for t in ticks if not t.startswith(ANSWER_IN)
        ],
        Tag.REFERENCE: lambda text: [f"{translation.gettext('Referanse')} {text}"],
        **dict.fromkeys(
            (Tag.PERSON_NAME, Tag.PERSON_NUMBER, Tag.SIGNER_NAME, Tag.SIGNER_NUMBER), lambda text: []
        ),
    }
    said = [line for tag, text in content.fields.items() for line in words[tag](text)]
    return [*said, before + names[answer]]


def beside_the_code(page):
    """The lines under the one that says where names and numbers stand."""
    lines = re.findall(r'<p class="of-code">(.*?)</p>', page)
    return lines[0], [html.unescape(line) for line in lines[1:]]


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("language", LANGUAGES)
@EVERY_FORM
def test_print_beside_the_code_says_every_field_of_it(form, basis, language, large):
    for place in range(2):
        answers = fullest(form, basis, place=place).with_(
            language=language, answer_language="nn" if place else language, large_print=large
        )
        page = form_html(answers)
        with translation.override(language):
            said = said_of(answers.content(), form, basis, language)

        assert beside_the_code(page) == (POINTS_AT_THE_BOXES[language], said)
        in_boxes = NUMBERS[: 1 if basis.is_self or basis.for_an_office else 2]
        assert [n for n in in_boxes if f"<bdi>{n}</bdi>" not in page] == []


@EVERY_FORM
def test_no_two_codes_have_the_same_words_beside_them(form, basis):
    """But for names and numbers: whatever else is changed in the code is seen in the print."""
    full = fullest(form, basis)
    options = [*((code,) for some in options_of(form, basis) for code in some), full.choices, ()]
    forms = [
        full.with_(choices=chosen, ticks=ticks, answer_language=answer, reference=reference)
        for chosen in dict.fromkeys(options)
        for ticks in {full.ticks, frozenset()}
        for answer in LANGUAGES
        for reference in ("", "KPR-7F3K-94MX")
    ]

    with translation.override("en"):
        said = {
            tuple(map(str, in_words(a.content(), form=form.signed_by(basis), basis=basis))) for a in forms
        }

    assert len(said) == len({tuple(a.content().fields.items()) for a in forms}) == len(forms)


@EVERY_FORM
def test_field_without_words_is_never_left_out_in_silence(form, basis, monkeypatch):
    content = fullest(form, basis).content()
    unknown = FormContent(content.kind, content.language)
    object.__setattr__(unknown, "fields", {9: "something"})

    with pytest.raises(KeyError):
        list(in_words(unknown, form=form, basis=basis))


FILLED = [answers for answers in SAMPLE if not answers.is_blank]


@pytest.mark.parametrize("answers", FILLED, ids=name_of)
def test_words_stand_on_the_page_of_the_code_that_they_are_of(answers):
    """Those beside the first code in normal print, those beside the last in large; and each points at the other."""
    pdf = printed(answers)
    seen, texts = pictures(pdf), texts_of(pdf)
    shown = texts[-1] if answers.large_print else texts[0]
    (_, written), *_ = codes(seen[-1] if answers.large_print else seen[0])
    with translation.override(answers.language):
        form, basis = next(
            (f, b) for f, b in all_forms() if (f.kind, b.code) == (answers.kind, answers.basis)
        )
        said = said_of(read(written, prover=keyring()), form, basis, answers.language)
    points = {
        "nb": ("Koden er den samme som øverst i skjemaet.", "Koden er forklart sist i skjemaet."),
        "nn": ("Koden er den same som øvst i skjemaet.", "Koden er forklart sist i skjemaet."),
        "en": ("Same code as at the top.", "The code is explained at the end of the form."),
    }[answers.language]

    assert [line for line in said if line not in shown] == []
    assert [point in texts[0 if large else -1] for large, point in enumerate(points)] == [
        not answers.large_print,
        answers.large_print,
    ]


@pytest.mark.parametrize("form", [RESERVATION, INSIGHT], ids=lambda form: form.slug)
def test_blank_form_says_nothing_of_its_code(form):
    page = form_html(
        fullest(form, PARENT).with_(person=None, signer=None, choices=(), ticks=frozenset(), reference="")
    )

    assert ("of-code" in page, "koden" in page.lower()) == (False, False)
