"""Every later change of an earlier answer: nobody comes to the summary with one that its own page would refuse."""

from datetime import timedelta
from http import HTTPStatus
from itertools import product

import pytest

from kpr_portal.ground import clock
from reservations.postal import kept
from reservations.postal.answers import HEARD
from reservations.postal.bases import BASES, DEAD, GUARDIAN, PARENT, SELF
from reservations.postal.kinds import ERASE_OR_BLOCK, HELPER_INSIGHT, INSIGHT, RESERVATION, RETENTION_LIMIT
from tests.reservations.postal.filling import (
    CHILD,
    LANGUAGE,
    MOTHER,
    NAME,
    OTHER,
    RESERVE,
    SIGNER,
    faults_on,
    ordered,
    text,
    typed_on,
)

pytestmark = pytest.mark.django_db

SUMMARY = "/skjema/oppsummering/"
FORMS = [
    *((INSIGHT, basis) for basis in BASES),
    (HELPER_INSIGHT, PARENT),
    (ERASE_OR_BLOCK, SELF),
    *((form, basis) for form in (RESERVATION, RETENTION_LIMIT) for basis in BASES if basis is not DEAD),
]
CHOICES = {
    "reservasjon": (RESERVE, {"choice_1": "withhold_national_id-", "choice_2": "purpose_2+"}),
    "innsyn": ({"several": ["records+"]}, {"several": ["releases+", "accesses+"]}),
    "innsyn-hjelper": ({"several": ["records+"]}, {"several": ["releases+"]}),
    "lagringstid": ({"choice_1": "retention_limit+"}, {"choice_1": "retention_limit-"}),
    "sletting": (
        {"choice_1": "erase+", "details": "Det fra 2019."},
        {"choice_1": "block+", "details": "Alt"},
    ),
}
OFFICE = {"office": "Barnevernet i Lom", "address": "Gata 2\n2686 Lom"}
HELPER = {"name": "Lege Lom", "workplace": "", "address": "Gata 1\n0001 Oslo"}


def born(years):
    today = clock.today()
    return f"{today.replace(year=today.year - years, month=1, day=1):%d.%m.%Y}"


def every_answer(form, basis):
    """All that may be sent from each of the form's pages, as far as another answer's check could mind."""
    ages = [{"born": born(years)} for years in (4, 10, 13, 17)] if basis.for_a_child else [{}]
    keep = [{}, {"keep": "on"}] if basis.is_self else [{}]
    heard = [{}, {"heard": "on"}] if basis.hears else [{}]
    numbers = (CHILD, MOTHER, OTHER)
    signing = [{"number": number.digits} for number in numbers]
    return {
        "valg": CHOICES[form.slug],
        "hvem": [
            {"name": NAME, "number": number.digits, **age, **kept_from}
            for number, age, kept_from in product(numbers, ages, keep)
        ],
        **(
            {}
            if basis.is_self
            else {
                "underskrift": [
                    {"name": SIGNER, **where, **told}
                    for where, told in product([OFFICE] if basis.for_an_office else signing, heard)
                ]
            }
        ),
        **({"hjelper": [HELPER]} if form.helper else {}),
        "sprak": [LANGUAGE, {"language": "en", "answer_language": "nn", "large_print": "on"}],
    }


def fills_in(visitor, form, basis):
    """To the summary, with as little as may be said: a child of four, and a tick only where there must be one."""
    visitor.begins(form.slug, basis.slug)
    answers = every_answer(form, basis)
    for step, sent in answers.items():
        if step == "underskrift":
            mother = [each for each in sent if each.get("number", MOTHER.digits) == MOTHER.digits]
            page = next(p for p in (visitor.answers(step, **each) for each in mother) if p.status_code == 302)
        else:
            page = visitor.answers(step, **sent[0])
    assert page["Location"] == SUMMARY
    return answers


def sends_again_what_every_page_shows(visitor, steps):
    """What each page says to what it shows itself, when that is sent untouched."""
    return [
        visitor.client.post(f"/skjema/utfylling/{step}/", typed_on(visitor.opens(step))) for step in steps
    ]


@pytest.mark.parametrize(("form", "basis"), FORMS, ids=lambda each: each.slug)
def test_whatever_is_changed_afterwards_the_summary_has_only_answers_that_their_pages_take(
    visitor, form, basis
):
    answers = fills_in(visitor, form, basis)
    start = kept.read(visitor.key).draft
    ways = set()
    for step, sent in ((step, each) for step, all_of_it in answers.items() for each in all_of_it):
        kept.keep(visitor.key, start)

        page = visitor.answers(step, **sent)

        if page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:  # refused at once, and nothing is changed
            assert kept.read(visitor.key).draft == start
            ways.add((step, "refused"))
        elif page["Location"] == SUMMARY:
            again = sends_again_what_every_page_shows(visitor, answers)
            assert [each.status_code for each in again] == [HTTPStatus.FOUND] * len(answers), (step, sent)
            ways.add((step, "taken"))
        else:
            ways.add((step, asked_again(visitor, page["Location"])))
    assert ways == expected(form, basis)


def asked_again(visitor, way):
    """The page that is asked again: with what was answered and what is wrong, and no way round it."""
    page = visitor.client.get(way)
    assert faults_on(page) != []
    assert SIGNER in text(page)
    assert visitor.client.get(SUMMARY)["Location"] == way
    assert visitor.opens("sprak")["Location"] == way
    assert visitor.orders()["Location"] == SUMMARY
    assert ordered() == []
    return f"{way.split('/')[3]}: {' '.join(faults_on(page))}"


def expected(form, basis):
    ways = {("valg", "taken"), ("hvem", "taken"), ("sprak", "taken")}
    if form.helper:
        ways.add(("hjelper", "taken"))
    if not basis.is_self:
        ways |= {("underskrift", "taken"), ("underskrift", "refused"), ("hvem", "underskrift: number")}
    if basis.for_a_child:
        ways |= {
            ("hvem", "refused"),
            ("hvem", "underskrift: heard"),
            ("hvem", "underskrift: number heard"),
        }
    if basis is GUARDIAN:  # who must always have heard the person, and has not heard another
        ways = ways - {("hvem", "underskrift: number")} | {
            ("hvem", "underskrift: heard"),
            ("hvem", "underskrift: number heard"),
        }
    if basis.for_an_office:  # no number to mistake for another
        ways = {(step, way) for step, way in ways if "number" not in way} - {("underskrift", "refused")}
    return ways


# --- As a person meets it


def test_child_that_must_be_heard_after_all_is_asked_about_and_the_rest_stands(visitor):
    fills_in(visitor, RESERVATION, PARENT)
    ten = {"name": NAME, "number": CHILD.digits, "born": born(10)}

    asked = visitor.answers("hvem", **ten)["Location"]

    page = visitor.client.get(asked)
    assert (asked, faults_on(page)) == ("/skjema/utfylling/underskrift/", ["heard"])
    assert "Snakk med den det gjelder først" in text(page)
    assert "<title>Feil:" in text(page)
    assert visitor.answers("underskrift", **typed_on(page) | {"heard": ["on"]})["Location"] == SUMMARY
    assert kept.read(visitor.key).draft.answers.ticks == {HEARD}


def test_who_was_heard_is_not_the_other_child_that_is_put_in_instead(visitor):
    fills_in(visitor, RESERVATION, PARENT)
    ten = {"name": NAME, "number": CHILD.digits, "born": born(10)}
    asked = visitor.client.get(visitor.answers("hvem", **ten)["Location"])
    visitor.answers("underskrift", **typed_on(asked) | {"heard": ["on"]})

    same = visitor.answers("hvem", **ten | {"name": "Et annet navn"})
    other = visitor.answers("hvem", **ten | {"number": OTHER.digits})

    assert (same["Location"], other["Location"]) == (SUMMARY, "/skjema/utfylling/underskrift/")
    assert kept.read(visitor.key).draft.answers.ticks == frozenset()
    assert faults_on(visitor.client.get(other["Location"])) == ["heard"]


def test_putting_the_age_right_again_asks_nothing_more(visitor):
    fills_in(visitor, RESERVATION, PARENT)
    of_age = {"name": NAME, "number": CHILD.digits}
    visitor.answers("hvem", **of_age, born=born(10))

    assert visitor.answers("hvem", **of_age, born=born(4))["Location"] == SUMMARY


def test_two_numbers_that_were_mixed_up_are_put_right_one_after_the_other(visitor):
    fills_in(visitor, INSIGHT, PARENT)

    first = visitor.answers("hvem", name=SIGNER, number=MOTHER.digits, born=born(4))
    then = visitor.answers("underskrift", name=NAME, number=CHILD.digits)

    answers = kept.read(visitor.key).draft.answers
    assert (first["Location"], then["Location"]) == ("/skjema/utfylling/underskrift/", SUMMARY)
    assert (answers.person.number, answers.signer.number) == (MOTHER.digits, CHILD.digits)


def test_birthday_while_the_form_is_open_counts(visitor):
    tomorrow = clock.today() + timedelta(days=1)
    fills_in(visitor, RESERVATION, PARENT)
    seven = tomorrow.replace(year=tomorrow.year - 7)
    assert (
        visitor.answers("hvem", name=NAME, number=CHILD.digits, born=f"{seven:%d.%m.%Y}")["Location"]
        == SUMMARY
    )

    midnight = clock.now() + timedelta(days=1)
    kept.server().hset(kept.name_of(visitor.key.id), "until", midnight.timestamp() + 600)
    with clock.shift(timedelta(days=1)):
        assert visitor.client.get(SUMMARY)["Location"] == "/skjema/utfylling/underskrift/"
