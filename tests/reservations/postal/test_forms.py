"""What may be typed, and what is said where it may not."""

import unicodedata
from datetime import date, timedelta

import pytest
from django.forms import ValidationError, fields
from hypothesis import given
from hypothesis import strategies as st

from kpr_portal.ground import clock
from reservations.postal.ages import age_at
from reservations.postal.answers import FormAnswers, Named, has_room
from reservations.postal.bases import (
    ATTORNEY,
    BASES,
    CHILD_WELFARE,
    FOSTER_CARE,
    GUARDIAN,
    NEXT_OF_KIN,
    PARENT,
    SELF,
)
from reservations.postal.choices_form import LEAVE
from reservations.postal.fields import (
    NAME_TOO_LONG,
    NOT_A_NAME,
    NOT_A_TEXT,
    NameField,
    TextField,
)
from reservations.postal.forms import STEP_FORMS, StartForm, form_class, must_be_heard
from reservations.postal.kinds import (
    ERASE_OR_BLOCK,
    FORMS,
    HELPER_INSIGHT,
    INSIGHT,
    RESERVATION,
    RETENTION_LIMIT,
)
from reservations.postal.steps import Draft, Step
from tests.reservations.postal.filling import CHILD, MOTHER, OTHER

BORN = date(2016, 5, 17)


def draft_of(form, basis=SELF, **answers):
    return Draft(FormAnswers(form.kind, basis.code, "nb", **answers))


def answered(step, draft, **typed):
    form = form_class(step, draft)(typed, draft=draft)
    assert form.errors == {}
    return form.changes()


def errors(step, draft, **typed):
    found = form_class(step, draft)(typed, draft=draft).errors
    return {name: [str(message) for message in messages] for name, messages in found.items()}


# Of these nothing is seen, or a picture of what stands before them.
UNSEEN = "\u00ad\u034f\u115f\u1160\u17b4\u180e\u200b\u2060\u3164\ufe0f\uffa0\U000e0041\U000e0100\U00013441"
UNPRINTED = [*UNSEEN, *(f"a{one}b" for one in UNSEEN), "a\u20dd", "a" + "\u0327\u0337" * 30]


# --- Names


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Åse-Marit D’Arc", "Åse-Marit D’Arc"),
        ("  Ole \t Å.\nHansen ", "Ole Å. Hansen"),
        ("Ngũgĩ wa Thiong'o", "Ngũgĩ wa Thiong'o"),
        ("A\u030ase", "Åse"),  # a letter and its ring, as some keyboards send them
        ("Čáhcesuolo Márjá", "Čáhcesuolo Márjá"),
        ("محمد علي", "محمد علي"),
        ("Łukasz Żółć", "Łukasz Żółć"),
        ("阮文", "阮文"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("श्री ශ්\u200dරී", "श्री ශ්\u200dරී"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("שָׁלוֹם", unicodedata.normalize("NFC", "שָׁלוֹם")),
        ("a" + "\u0308\u0301\u0301\u0301\u0301", "ä" + "\u0301" * 4),
    ],
)
def test_name_is_kept_as_it_is_written(typed, kept):
    assert NameField().clean(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "<b>Ole</b>",
        "Ole\u0000Hansen",
        "Ole\u0007",
        "\u202eneslO",
        "Ole\u2066Hansen\u2069",
        "\ufeffOle",
        "Ole \U0001f600",
        "Ole\ufe0f",
        "\ud83dOle",
        "Ole \ufffd",
        "=1+1",
        "@Ole",
        "Ole (far)",
        "Ole 2",
        "http://x.no",
        "---",
        ". '",
        *UNPRINTED,
        "a" + "\u0301" * 6,
        "O\u200dle",
        "Ole\u200c",
        "\u200c\u0639",
        "\u0639\u200c\u200d\u0639",
    ],
    ids=ascii,
)
def test_name_that_cannot_be_on_paper_is_refused_kindly(typed):
    with pytest.raises(ValidationError) as refused:
        NameField().clean(typed)

    assert set(refused.value.messages) <= {str(NOT_A_NAME), "Null-tegn er ikke tillatt."}


@pytest.mark.parametrize(
    ("typed", "fits"),
    [("Å" * 56, True), ("Å" * 57, False), ("ạ" * 28, True), ("ạ" * 29, False), ("a" * 10_000, False)],
)
def test_name_has_room_in_the_code_or_is_asked_to_be_shortened(typed, fits):
    if fits:
        assert NameField().clean(typed) == typed
    else:
        with pytest.raises(ValidationError, match=str(NAME_TOO_LONG)):
            NameField().clean(typed)


@given(st.text(max_size=60))
def test_whatever_is_typed_as_a_name_is_kept_whole_or_refused(typed):
    try:
        kept = NameField().clean(typed)
    except ValidationError:
        return

    assert kept.replace("\u200c", "").replace("\u200d", "").isprintable()
    assert NameField().clean(kept) == kept
    assert has_room(kept)


# --- Numbers


@pytest.mark.parametrize(
    ("policy", "says"), [("require", []), ("refuse", ["Nummeret er et testnummer og kan ikke brukes her."])]
)
def test_synthetic_numbers_are_taken_where_the_installation_takes_them(settings, policy, says):
    settings.NATIONAL_ID_SYNTHETIC = policy

    typed = {"name": "Ola", "number": CHILD.digits}

    assert errors(Step.PERSON, draft_of(RESERVATION), **typed).get("number", []) == says


@pytest.mark.parametrize(
    ("step", "other", "known"),
    [
        (Step.PERSON, "signer", {Step.SIGNER}),
        (Step.SIGNER, "person", set()),
        (Step.SIGNER, "person", {Step.PERSON}),
    ],
)
def test_one_who_signs_for_another_has_another_number(step, other, known):
    answers = FormAnswers(INSIGHT.kind, ATTORNEY.code, "nb", **{other: Named("Ola", MOTHER.digits)})
    draft = Draft(answers, known=frozenset(known))

    same = errors(step, draft, name="Kari", number=MOTHER.digits)
    another = errors(step, draft, name="Kari", number=OTHER.digits)

    assert list(same) == ["number"]
    assert another == {}


# --- A text of one's own


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ('=HYPERLINK("http://x")', '=HYPERLINK("http://x")'),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("én\r\nto\r\r\n\n tre ", "én\nto\ntre"),
        ("38,5 °C & 50 % § 4 – «ja»", "38,5 °C & 50 % § 4 – «ja»"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_text_is_text_whatever_it_looks_like(typed, kept):
    assert TextField(lines=6, too_long="x").clean(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "a\u202eb",
            "a\u0007b",
            "a\u0000b",
            "\ud800",
            "\U0001f600",
            "1\ufe0f\u20e3",
            "1\u20e3",
            "\u203c\ufe0f",
        ),
        *("a\u200db", "1\u200c\u0639", *UNPRINTED),
    ],
    ids=ascii,
)
def test_text_that_tricks_the_eye_is_refused(typed):
    with pytest.raises(ValidationError) as refused:
        TextField(lines=6, too_long="x").clean(typed)

    assert set(refused.value.messages) <= {str(NOT_A_TEXT), "Null-tegn er ikke tillatt."}


@pytest.mark.parametrize("length", [500, 501, 10_000])
def test_details_have_room_on_the_form(length):
    found = errors(Step.CHOICES, draft_of(ERASE_OR_BLOCK), choice_1="erase+", details="a" * length)

    assert list(found) == ([] if length == 500 else ["details"])


@pytest.mark.parametrize(
    ("step", "form", "field", "most", "typed"),
    [
        (Step.CHOICES, ERASE_OR_BLOCK, "details", 10, {"choice_1": "erase+"}),
        (Step.HELPER, HELPER_INSIGHT, "address", 5, {"name": "Ada Ås"}),
    ],
)
def test_text_has_no_more_lines_than_the_form_has_room_for(step, form, field, most, typed):
    """Empty lines are none."""
    fits, too_many = (
        errors(step, draft_of(form), **typed, **{field: "a\r\n \n" * n}) for n in (most, most + 1)
    )

    assert (fits, list(too_many)) == ({}, [field])
    assert too_many[field] == [f"Skriv det på høyst {most} linjer. Flere ting kan stå på samme linje."]


# --- Choices


@pytest.mark.parametrize(
    ("first", "second", "choices"),
    [
        ("withhold_national_id+", "purpose_2+", ("withhold_national_id+", "purpose_2+")),
        ("withhold_national_id-", LEAVE, ("withhold_national_id-",)),
        (LEAVE, "purpose_2-", ("purpose_2-",)),
    ],
)
def test_each_kind_is_reserved_lifted_or_left_alone(first, second, choices):
    assert answered(Step.CHOICES, draft_of(RESERVATION), choice_1=first, choice_2=second) == {
        "choices": choices,
        "details": "",
    }


@pytest.mark.parametrize(
    "typed", [{}, {"choice_1": LEAVE, "choice_2": LEAVE}, {"choice_1": "x", "choice_2": "y"}]
)
def test_reservation_that_changes_nothing_is_asked_about(typed):
    assert errors(Step.CHOICES, draft_of(RESERVATION), **typed)


@pytest.mark.parametrize("form", [INSIGHT, HELPER_INSIGHT])
def test_insight_is_into_one_or_more(form):
    assert answered(Step.CHOICES, draft_of(form), several=["accesses+", "records+"])["choices"] == (
        "records+",
        "accesses+",
    )
    assert list(errors(Step.CHOICES, draft_of(form))) == ["several"]


def test_retention_is_limited_or_not():
    assert answered(Step.CHOICES, draft_of(RETENTION_LIMIT), choice_1="retention_limit-")["choices"] == (
        "retention_limit-",
    )
    assert list(errors(Step.CHOICES, draft_of(RETENTION_LIMIT))) == ["choice_1"]


def test_erasing_says_what():
    draft = draft_of(ERASE_OR_BLOCK)

    assert answered(Step.CHOICES, draft, choice_1="block+", details="Alt fra 2019") == {
        "choices": ("block+",),
        "details": "Alt fra 2019",
    }
    assert list(errors(Step.CHOICES, draft)) == ["choice_1", "details"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.slug)
def test_what_was_chosen_is_there_again(form):
    code = min(form.codes)
    draft = draft_of(form, choices=(code,), details="Dette")

    shown = STEP_FORMS[Step.CHOICES](draft=draft)

    values = [
        value
        for field in shown
        for value in (field.value() if isinstance(field.value(), list) else [field.value()])
    ]
    assert code in values
    assert ("Dette" in values) is bool(form.details)


# --- Age, and being heard


@pytest.mark.parametrize(
    ("born", "says"),
    [
        (lambda today: today, None),
        (lambda today: today.replace(year=today.year - 16) + timedelta(days=1), None),
        (lambda today: today.replace(year=today.year - 16), "har fylt 16 år"),
        (lambda today: today + timedelta(days=1), "ikke kommet ennå"),
    ],
    ids=["today", "15", "16", "tomorrow"],
)
def test_child_is_under_sixteen_on_the_day(born, says):
    day = born(clock.today())
    found = errors(
        Step.PERSON, draft_of(RESERVATION, PARENT), name="Ola", number=CHILD.digits, born=f"{day:%d.%m.%Y}"
    )

    assert list(found) == ([] if says is None else ["born"])
    assert says is None or says in found["born"][0]


def test_age_turns_on_the_birthday():
    assert [age_at(date(2010, 3, 2), day) for day in (date(2026, 3, 1), date(2026, 3, 2))] == [15, 16]
    assert age_at(date(2008, 2, 29), date(2024, 2, 28)) == 15


@pytest.mark.parametrize(
    "typed", ["17.05.2016", "17.5.2016", "17/05/2016", "17-05-2016", "17 05 2016", "17052016", "2016-05-17"]
)
def test_birth_date_is_read_as_people_write_it(typed):
    said = answered(Step.PERSON, draft_of(RESERVATION, PARENT), name="Ola", number=CHILD.digits, born=typed)

    assert said["born"] == BORN


@pytest.mark.parametrize("typed", ["", "i fjor", "31.02.2016", "17.13.2016"])
def test_birth_date_that_is_none_is_asked_again(typed):
    assert list(
        errors(Step.PERSON, draft_of(RESERVATION, PARENT), name="Ola", number=CHILD.digits, born=typed)
    ) == ["born"]


@pytest.mark.parametrize("basis", BASES, ids=lambda basis: basis.slug)
def test_only_a_childs_birth_date_is_asked_and_only_of_oneself_whether_parents_are_to_know(basis):
    shown = STEP_FORMS[Step.PERSON](draft=draft_of(INSIGHT, basis))

    assert [("born" in shown.fields), ("keep" in shown.fields)] == [basis.for_a_child, basis.is_self]


@pytest.mark.parametrize(("on", "ticks"), [("on", {"keep_from_parents"}), ("", set())])
def test_young_person_may_keep_it_from_the_parents(on, ticks):
    said = answered(Step.PERSON, draft_of(RESERVATION), name="Ola", number=CHILD.digits, keep=on)

    assert said["ticks"] == ticks


@pytest.mark.parametrize(
    ("basis", "years", "must"),
    [
        (PARENT, 6, False),
        (PARENT, 7, True),
        (PARENT, 15, True),
        (GUARDIAN, None, True),
        (NEXT_OF_KIN, None, False),
        (ATTORNEY, None, False),
    ],
)
def test_person_is_heard_where_the_law_says_so(basis, years, must):
    today = clock.today()
    born = today.replace(year=today.year - years) if years else None
    draft = draft_of(RESERVATION, basis, born=born)

    found = errors(Step.SIGNER, draft, name="Kari", number=MOTHER.digits)

    assert must_be_heard(draft) is must
    assert list(found) == (["heard"] if must else [])


@pytest.mark.parametrize(
    ("basis", "years", "says"),
    [
        (PARENT, 6, "Kan et barn under 7 år ikke si hva det mener om dette, lar du ruten stå tom."),
        (
            CHILD_WELFARE,
            0,
            "Kan et barn under 7 år ikke si hva det mener om dette, lar du ruten stå tom.",
        ),
        (PARENT, 7, ""),
        (FOSTER_CARE, 12, ""),
        (GUARDIAN, None, ""),
        (NEXT_OF_KIN, None, "Kan personen ikke si sin mening om dette, lar du ruten stå tom."),
    ],
)
def test_nobody_is_told_that_hearing_somebody_is_optional(basis, years, says):
    today = clock.today()
    born = None if years is None else today.replace(year=today.year - years)
    heard = STEP_FORMS[Step.SIGNER](draft=draft_of(RESERVATION, basis, born=born))["heard"]

    html = heard.as_field_group()

    assert (str(heard.help_text), says in html) == (says, True)
    assert "valgfritt" not in html


@pytest.mark.parametrize("basis", BASES, ids=lambda basis: basis.slug)
def test_every_basis_says_when_the_tick_is_left_open_unless_it_never_is(basis):
    assert bool(basis.not_heard) is (bool(basis.hears) and basis is not GUARDIAN)


# --- What is said where nothing, or nothing that we offered, is sent


def djangos_own():
    """What Django says of a fault where a field has no words of its own, up to what it fills in."""
    kinds = [
        each for each in vars(fields).values() if isinstance(each, type) and issubclass(each, fields.Field)
    ]
    said = {str(message) for each in kinds for message in each.default_error_messages.values()}
    return tuple(begun for begun in (message.partition("%")[0] for message in said) if begun)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.slug)
@pytest.mark.parametrize("sent", ["", "\U0001f600"], ids=["nothing", "nothing of ours"])
def test_every_fault_is_told_in_words_of_ours(form, sent):
    draft = draft_of(form, PARENT, born=BORN)
    told = []
    for step in STEP_FORMS:
        asked = form_class(step, draft)
        sends = dict.fromkeys(asked(draft=draft).fields, sent)
        told += [message for messages in errors(step, draft, **sends).values() for message in messages]

    assert len(told) >= 8
    assert [message for message in told if message.startswith(djangos_own())] == []


# --- The start


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"hva": "reservasjon", "hvem": "barn"}, []),
        ({"hva": "reservasjon"}, ["hvem"]),
        ({}, ["hva", "hvem"]),
        ({"hva": "reservasjon", "hvem": "avdod"}, ["hvem"]),
        ({"hva": "x", "hvem": "<b>"}, ["hva", "hvem"]),
    ],
)
def test_start_asks_for_both_and_for_what_there_is(typed, wrong):
    assert list(StartForm(typed, offers_known=False).errors) == wrong
