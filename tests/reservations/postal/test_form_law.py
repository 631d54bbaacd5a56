"""What the owner decides of the law is followed on paper and on the screen, and the blank forms are made anew by it."""

import re
from datetime import date
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.utils import translation

from kpr_portal.ground import clock
from reservations.postal.bases import (
    BASES,
    CHILD_WELFARE,
    DEAD,
    FOSTER_CARE,
    GUARDIAN,
    NEXT_OF_KIN,
    PARENT,
    SELF,
)
from reservations.postal.blank import all_blank
from reservations.postal.blank_inputs import VARIABLES, fingerprint
from reservations.postal.form_page import make_form
from reservations.postal.kinds import (
    ERASE_OR_BLOCK,
    HELPER_INSIGHT,
    INSIGHT,
    RESERVATION,
    RETENTION_LIMIT,
    all_forms,
)
from tests.reservations.postal.filling import PERSON, RESERVE, text
from tests.reservations.postal.printed import LANGUAGES, blank, filled, text_of

SECOND = "Den andre forelderens underskrift"
BOTH = "Skal en reservasjon fra den andre forelderen oppheves, skriver begge under."
ONE = "Én forelder kan reservere barnet, og oppheve det den andre forelderen har reservert."
ASSESSED = "Er barnet mellom 12 og 15 år, vurderer vi om vi kan gi innsyn, og svarer med begrunnelse."
TELL_US = "Kan du ikke skrive under selv, finner vi ut sammen hva vi gjør. Ring oss."
ALONE = "Er du mellom 12 og 15 år, kan du reservere deg alene."


def blank_text(form, basis, language="nb", *, large_print=False):
    return text_of(make_form(blank(form, basis, language, large_print=large_print)))


# --- What gives the right


@pytest.mark.parametrize(
    ("form", "basis", "right"),
    [
        (RESERVATION, PARENT, "Retten står i KPR-forskriften § 2-2."),
        (INSIGHT, SELF, "Retten står i helseregisterloven § 24."),
        (
            INSIGHT,
            PARENT,
            (
                "Retten står i helseregisterloven § 24. For et barn ser vi også til pasient- og "
                "brukerrettighetsloven § 3-4."
            ),
        ),
        (
            INSIGHT,
            DEAD,
            (
                "Helseregisterloven gjelder også for opplysninger om døde, så langt den passer (§ 3). Om den gir deg "
                "rett til innsyn, må vi vurdere."
            ),
        ),
        (ERASE_OR_BLOCK, NEXT_OF_KIN, "Retten står i helseregisterloven § 25."),
    ],
    ids=lambda each: getattr(each, "slug", ""),
)
def test_form_says_what_gives_the_right_to_whom(form, basis, right):
    assert blank_text(form, basis).count(right) == 1
    assert form.right_of(basis) == right


def test_no_provision_is_said_to_give_relatives_of_the_dead_a_right():
    assert "§ 24" not in blank_text(INSIGHT, DEAD)


@pytest.mark.parametrize("form", [RESERVATION, INSIGHT, RETENTION_LIMIT, ERASE_OR_BLOCK])
def test_right_is_a_sentence_in_english(form):
    with translation.override("en"):
        said = form.right_of(SELF)

    assert re.fullmatch(r"This right is laid down in the [A-Z][\w ]+, Section \d+(?:-\d+)?\.", said)


# --- Parents


def test_parent_whom_the_register_does_not_know_is_told_what_to_enclose():
    said = (
        "Bare hvis det ikke står i Folkeregisteret at du har foreldreansvar: kopi av avtalen om foreldreansvar, eller "
        "av det retten har bestemt."
    )

    for form in (RESERVATION, INSIGHT):
        shown = blank_text(form, PARENT)
        assert (f"Legg ved • {said}" in shown, "Du trenger ikke legge ved noe" in shown) == (True, False)


def test_both_parents_sign_where_both_must_want_it(settings):
    shown = {}
    for one_may in (False, True):
        settings.LAW_ONE_PARENT_MAY_LIFT_ANOTHERS = one_may
        text = blank_text(RESERVATION, PARENT)
        shown[one_may] = [sentence in text for sentence in (SECOND, BOTH, ONE)]

    assert shown == {False: [True, True, False], True: [False, False, True]}


# --- Ages


def decides_alone_from_eighteen(settings):
    settings.LAW_DECIDES_ALONE_FROM_AGE = 18


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("form", "basis"), [(RESERVATION, SELF), (RESERVATION, PARENT), (INSIGHT, FOSTER_CARE)]
)
def test_ages_on_the_form_are_those_decided(settings, form, basis, language):
    settings.OWNER_HOURS = "nine to three"
    before = blank_text(form, basis, language)
    decides_alone_from_eighteen(settings)
    after = blank_text(form, basis, language)

    assert re.findall(r"\b1[56]\b", before) != []
    assert re.findall(r"\b1[56]\b", after) == []
    assert re.sub(r"\b15\b", "17", re.sub(r"\b16\b", "18", before)) == after


def test_insight_into_a_child_who_may_have_a_say_is_said_to_be_assessed():
    said = {(form, basis): ASSESSED in blank_text(form, basis) for form, basis in all_forms()}

    assert [pair for pair, is_said in said.items() if is_said] == [
        *((INSIGHT, basis) for basis in (PARENT, CHILD_WELFARE, FOSTER_CARE)),
        (HELPER_INSIGHT, PARENT),
    ]


def test_nothing_is_assessed_where_parents_see_until_the_child_decides_alone(settings):
    settings.LAW_PARENTS_INSIGHT_UNTIL_AGE = 16

    shown = blank_text(INSIGHT, PARENT)

    assert ("vurderer vi om vi kan gi innsyn" in shown, "§ 3-4" in shown) == (False, False)


# --- Guardians


def test_guardian_reserves_where_the_owner_has_decided_so(settings):
    offered = {}
    for may in (True, False):
        settings.LAW_GUARDIAN_MAY_RESERVE = may
        offered[may] = {
            blank.form.slug for blank in all_blank() if blank.basis is GUARDIAN and not blank.large_print
        }

    assert offered[True] - offered[False] == {"reservasjon"}
    assert offered[False] == {"innsyn", "innsyn-hjelper", "lagringstid", "sletting"}


@pytest.mark.django_db
def test_guardian_who_may_not_reserve_is_told_so_at_the_start(settings, visitor):
    settings.LAW_GUARDIAN_MAY_RESERVE = False

    page = visitor.begins("reservasjon", "verge")

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "En verge kan ikke reservere eller oppheve noe for den vergen hjelper." in text(page)
    assert visitor.begins("innsyn", "verge").status_code == HTTPStatus.FOUND
    addresses = ("tomt/reservasjon/verge/", "tomt/reservasjon/verge.pdf", "tomt/reservasjon/verge/utskrift/")
    assert [visitor.client.get(f"/skjema/{each}").status_code for each in addresses] == [404] * 3


# --- The screen


@pytest.mark.django_db
def test_screen_says_what_was_decided(settings, visitor):
    settings.LAW_ONE_PARENT_MAY_LIFT_ANOTHERS = True
    decides_alone_from_eighteen(settings)

    visitor.begins("reservasjon", "barn")
    visitor.answers("valg", **RESERVE)
    shown = text(visitor.opens("hvem"))

    assert [sentence in shown for sentence in (ONE, BOTH)] == [True, False]
    assert "Skjemaet gjelder for barn under 18 år." in shown

    visitor.begins("reservasjon", "meg-selv", anew="1")
    visitor.answers("valg", **RESERVE)
    shown = text(visitor.opens("hvem"))
    assert ("Er du mellom 12 og 17 år?" in shown, "Jeg er mellom 12 og 17 år" in shown) == (True, True)


@pytest.mark.django_db
@pytest.mark.parametrize(("until", "told"), [(12, True), (14, False), (16, False)])
def test_who_asks_for_insight_into_a_child_of_thirteen_is_told_where_it_is_assessed(
    settings, visitor, until, told
):
    settings.LAW_PARENTS_INSIGHT_UNTIL_AGE = until
    born = date(clock.today().year - 13, 1, 1)
    visitor.begins("innsyn", "barn")
    visitor.answers("valg", several=["records+"])
    visitor.answers("hvem", **PERSON, born=f"{born:%d.%m.%Y}")

    assert ("Vi vurderer om vi kan gi innsyn" in text(visitor.opens("underskrift"))) is told


# --- What paper says as the screen does


@pytest.mark.parametrize("large", [False, True])
def test_who_cannot_sign_is_told_to_call_beside_where_one_signs(large):
    for form in (RESERVATION, INSIGHT, ERASE_OR_BLOCK):
        shown = blank_text(form, SELF, large_print=large)
        assert shown.count(f"Skriv under {TELL_US}") == 1
    assert TELL_US not in blank_text(RESERVATION, GUARDIAN)


@pytest.mark.parametrize("make", [blank, filled])
def test_young_person_is_told_that_they_may_reserve_alone(make):
    shown = [text_of(make_form(make(form, SELF))) for form in (RESERVATION, INSIGHT)]

    assert [ALONE in each for each in shown] == [True, False]


@pytest.mark.parametrize("basis", BASES, ids=lambda basis: basis.slug)
def test_box_of_having_been_heard_says_when_it_is_left_open(basis):
    said = {
        PARENT: "Kan et barn under 7 år ikke si hva det mener om dette, lar du ruten stå tom.",
        NEXT_OF_KIN: "Kan personen ikke si sin mening om dette, lar du ruten stå tom.",
    }
    said |= dict.fromkeys((CHILD_WELFARE, FOSTER_CARE), said[PARENT])
    shown = blank_text(INSIGHT, basis)

    assert said.get(basis, "") in shown
    assert shown.count("lar du ruten stå tom") == (basis in said)


@pytest.mark.parametrize(("years", "ticks", "says"), [(6, (), True), (6, ("heard",), False), (8, (), False)])
def test_filled_form_says_it_only_where_the_box_may_be_open(years, ticks, says):
    born = date(clock.today().year - years, 1, 1)
    answers = filled(RESERVATION, PARENT).with_(born=born, ticks=frozenset(ticks))

    assert ("lar du ruten stå tom" in text_of(make_form(answers))) is says


# --- Made anew


def law_settings():
    declared = (Path(portal.BASE_DIR) / "kpr_portal/settings.py").read_text("utf-8")
    return re.findall(r"^(LAW_\w+) =", declared, flags=re.MULTILINE)


@pytest.mark.parametrize("name", law_settings())
def test_blank_forms_are_made_anew_when_the_law_is_decided_otherwise(name):
    assert fingerprint({}, root=portal.BASE_DIR) != fingerprint({name: "x"}, root=portal.BASE_DIR)


# What a form is printed of. Of the others of the package, the settings of the law are looked for as well.
PRINTED_BY = ("form_page", "sheet", "law", "bases", "kinds", "symbol", "printed_text", "form_parts", "blank")


def test_every_setting_that_a_blank_form_is_made_by_is_watched():
    package = Path(portal.BASE_DIR) / "reservations/postal"
    read = {
        name
        for file in package.rglob("*.py")
        for name in re.findall(r"settings\.([A-Z][A-Z_]+)", file.read_text("utf-8"))
        if name.startswith("LAW_") or (file.parent == package and file.stem in PRINTED_BY)
    }

    assert {"LAW_GUARDIAN_MAY_RESERVE", "POSTAL_ANSWER_PROMISE"} <= read
    assert sorted(name for name in read - {"BLANK_FORMS_DIR"} if not name.startswith(VARIABLES)) == []


def test_defaults_of_the_settings_are_among_what_the_forms_are_made_of(tmp_path):
    (tmp_path / "kpr_portal").mkdir()
    file = tmp_path / "kpr_portal/settings.py"
    file.write_text("LAW_DECIDES_ALONE_FROM_AGE = 16")
    before = fingerprint({}, root=tmp_path)
    file.write_text("LAW_DECIDES_ALONE_FROM_AGE = 18")

    assert fingerprint({}, root=tmp_path) != before
