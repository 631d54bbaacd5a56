import re
import subprocess
from datetime import timedelta

import pytest

from kpr_portal.documents.queries import read_document
from kpr_portal.ground import clock
from kpr_portal.notices.models import OwedWork
from kpr_portal.people.basis import FOR_A_CHILD, FOR_ANOTHER, Basis
from kpr_portal.people.population_register import Protection
from reservations.postal import ordering
from reservations.postal.bases import ATTORNEY, BASES, CHILD_WELFARE, DEAD, GUARDIAN, ON_PAPER, PARENT, SELF
from reservations.postal.code import Tag
from reservations.postal.errors import (
    CannotBeReached,
    IsAlive,
    IsDead,
    NotInRegister,
    OldEnough,
    SamePerson,
)
from reservations.postal.kinds import INSIGHT, RESERVATION
from reservations.postal.models import LetterOrder
from reservations.postal.ordering import OrderedForm, check_known, make_ordered_form, order_form
from tests.reservations.postal.printed import said_by
from tests.support.family import enter_family, number_of

pytestmark = [pytest.mark.django_db, pytest.mark.speaks_numbers]


@pytest.fixture
def family(db):
    return enter_family()


def wanted(family, person, signer=None, *, form=RESERVATION, basis=SELF, **changes):
    values = {
        "choices": ("withhold_national_id+",),
        "language": "nb",
        "large_print": False,
        **changes,
    }
    return OrderedForm(
        form, basis, family.person(person), family.person(signer) if signer else None, **values
    )


def owed_forms():
    return OwedWork.objects.filter(task=ordering.MAKE_ORDERED)


def text_of(pdf):
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


def made_form():
    """The form that is owed, once it is made and in the queue."""
    make_ordered_form(owed_forms().get().pk)
    return read_document(LetterOrder.objects.get().enclosure).content


def test_form_ordered_by_phone_is_made_with_name_and_number_and_queued(family):
    caseworker = family.person("caseworker")
    key = order_form(wanted(family, "much_data"), by=caseworker)

    make_ordered_form(owed_forms().get().pk)

    queued = LetterOrder.objects.get(enclosure=key)
    text = text_of(read_document(key).content)
    assert (queued.recipient, queued.ordered_by) == (family.person("much_data"), caseworker)
    assert family.entries["much_data"].name in text
    assert number_of("much_data").digits in re.sub(r"\s", "", text)


def test_form_made_twice_is_one(family):
    order_form(wanted(family, "much_data"), by=family.person("caseworker"))
    owed = owed_forms().get().pk

    make_ordered_form(owed)
    make_ordered_form(owed)

    assert LetterOrder.objects.count() == 1


def test_order_keeps_no_name_and_no_number(family):
    order_form(wanted(family, "child_8", "parent", basis=PARENT), by=family.person("caseworker"))

    kept = str(owed_forms().get().payload)
    secret = [number_of(slug).digits for slug in ("child_8", "parent")]
    secret += [family.entries[slug].name for slug in ("child_8", "parent")]
    assert [each for each in secret if each in kept] == []


def test_parent_gets_the_form_of_the_child(family):
    order_form(
        wanted(family, "child_8", "parent", basis=PARENT, language="nn"), by=family.person("caseworker")
    )
    make_ordered_form(owed_forms().get().pk)

    queued = LetterOrder.objects.get()
    text = text_of(read_document(queued.enclosure).content)
    assert (queued.recipient, queued.language) == (family.person("parent"), "nn")
    assert [family.entries[slug].name in text for slug in ("child_8", "parent")] == [True, True]


def protected(family):
    family.change("child_8", protection=Protection.CONFIDENTIAL)


def no_parent(family):
    family.change("child_8", parental_responsibility=())
    family.change("parent", parental_responsibility=())


@pytest.mark.parametrize(
    ("signer", "change"), [("much_data", None), ("parent", protected), ("parent", no_parent)]
)
def test_form_about_another_names_nobody_to_whom_may_not_act_for_them(family, signer, change):
    if change:
        change(family)
    order_form(wanted(family, "child_8", signer, basis=PARENT), by=family.person("caseworker"))
    make_ordered_form(owed_forms().get().pk)

    text = text_of(read_document(LetterOrder.objects.get().enclosure).content)
    told = [family.entries["child_8"].name, number_of("child_8").digits]
    assert [each for each in told if each in re.sub(r"(?<=\d)\s+(?=\d)", "", text)] == []
    assert "Barnet skjemaet gjelder" in text


@pytest.mark.parametrize(
    "right", [right for right in sorted(FOR_ANOTHER) if not ON_PAPER[right].for_an_office]
)
def test_who_may_act_by_any_right_gets_the_name_on_the_form_of_that_right(family, right):
    person = "child_8" if right in FOR_A_CHILD else "attorney_giver"
    family.checked("attorney", person, right)
    order_form(wanted(family, person, "attorney", basis=ON_PAPER[right]), by=family.person("caseworker"))
    made = made_form()

    assert said_by(made).fields[Tag.PERSON_NUMBER] == number_of(person).digits
    assert [family.entries[slug].name in text_of(made) for slug in (person, "attorney")] == [True, True]


def test_who_may_act_by_another_right_than_the_form_is_for_gets_no_name(family):
    family.checked("attorney", "attorney_giver", Basis.NEXT_OF_KIN)
    order_form(wanted(family, "attorney_giver", "attorney", basis=ATTORNEY), by=family.person("caseworker"))

    assert Tag.PERSON_NAME not in said_by(made_form()).fields


@pytest.mark.parametrize(
    "basis",
    [basis for basis in BASES if not (basis.is_self or basis.for_an_office)],
    ids=lambda one: one.slug,
)
def test_what_the_caller_said_stands_where_no_register_lets_them_act(family, basis):
    """And not a word of whom it concerns: neither a name nor, by what is left out, how old."""
    person = "child_8" if basis.for_a_child else "much_data"
    if basis is DEAD:
        dead(family)
    form, choices = (INSIGHT, ("records+",)) if basis is DEAD else (RESERVATION, ("purpose_2+",))
    order_form(
        wanted(family, person, "attorney", form=form, basis=basis, choices=choices, language="nn"),
        by=family.person("caseworker"),
    )
    made = made_form()
    said, text = dict(said_by(made).fields), text_of(made)

    assert said == {
        Tag.SIGNER_NAME: family.entries["attorney"].name,
        Tag.SIGNER_NUMBER: number_of("attorney").digits,
        Tag.BASIS: basis.code,
        Tag.CHOICES: choices[0],
        Tag.REFERENCE: LetterOrder.objects.get().reference,
    }
    assert family.entries["attorney"].name in text
    assert len(re.findall(r"^\s*X |\sX\s", text)) == 2  # what is chosen, and the language of the answer
    assert family.entries[person].name not in text
    assert number_of(person).digits not in re.sub(r"\s", "", text)
    assert ("Fødd" in text, "Underskrifta til barnet" in text) == (False, basis.for_a_child)


@pytest.mark.parametrize(
    ("slug", "is_asked"), [("child_8", False), ("child_13", True), ("child_14", True), ("child_16", False)]
)
def test_only_the_young_are_asked_on_paper_whether_their_parents_are_to_know(family, slug, is_asked):
    order_form(wanted(family, slug), by=family.person("caseworker"))
    made = made_form()

    own = "Jeg er mellom 12 og 15 år, og vil ikke at foreldrene mine skal få vite om dette."
    assert (own in text_of(made), Tag.TICKS in said_by(made).fields) == (is_asked, False)


def test_form_that_is_signed_at_work_is_never_sent_to_a_home(family):
    """No register tells of the office. Casework does not offer it, and the order takes none."""
    with pytest.raises(ValueError, match="no such form"):
        order_form(
            wanted(family, "child_8", "parent", basis=CHILD_WELFARE, form=INSIGHT, choices=("records+",)),
            by=family.person("caseworker"),
        )


def test_order_says_whom_the_form_is_about(family):
    order_form(wanted(family, "child_8", "parent", basis=PARENT), by=family.person("caseworker"))
    make_ordered_form(owed_forms().get().pk)

    assert LetterOrder.objects.get().concerned == family.person("child_8")


def test_choices_of_an_order_are_sealed_in_the_row(family):
    order_form(wanted(family, "much_data"), by=family.person("caseworker"))

    assert "withhold_national_id" not in str(owed_forms().get().payload)


def dead(family):
    family.change("much_data", death_date=clock.today() - timedelta(days=3))


def without_address(family):
    family.change("much_data", address=None, protection=Protection.STRICTLY_CONFIDENTIAL)


@pytest.mark.parametrize(
    ("slugs", "basis", "change", "answer"),
    [
        (("much_data", None), SELF, dead, (IsDead, "person")),
        (("much_data", None), SELF, without_address, (CannotBeReached, "person")),
        (("unknown", None), SELF, None, (NotInRegister, "person")),
        (("much_data", "unknown"), GUARDIAN, None, (NotInRegister, "signer")),
        (("child_16", "parent"), PARENT, None, (OldEnough, "person")),
        (("parent", "parent"), GUARDIAN, None, (SamePerson, "signer")),
        (("child_8", "much_data"), PARENT, without_address, (CannotBeReached, "signer")),
        (("child_8", "much_data"), PARENT, dead, (CannotBeReached, "signer")),
        (("much_data", "parent"), DEAD, None, (IsAlive, "person")),
    ],
)
def test_form_that_the_registers_do_not_agree_to_is_refused(family, slugs, basis, change, answer):
    if change:
        change(family)
    ordered = wanted(family, *slugs, basis=basis, form=INSIGHT, choices=())

    refusal, field = answer
    with pytest.raises(refusal) as refused:
        order_form(ordered, by=family.person("caseworker"))

    assert (refused.value.field, owed_forms().count()) == (field, 0)


def test_relative_gets_the_form_about_the_dead(family):
    dead(family)
    order_form(
        wanted(family, "much_data", "parent", basis=DEAD, form=INSIGHT, choices=("records+",)),
        by=family.person("caseworker"),
    )

    make_ordered_form(owed_forms().get().pk)

    assert LetterOrder.objects.get().recipient == family.person("parent")


@pytest.mark.parametrize(
    "changes",
    [{"choices": ("erase+",)}, {"language": "sv"}, {"basis": DEAD}, {"basis": PARENT}],
    ids=["choice", "language", "basis", "signer"],
)
def test_no_such_form_is_ordered(family, changes):
    with pytest.raises(ValueError, match="no such form"):
        order_form(wanted(family, "much_data", **changes), by=family.person("caseworker"))


def test_number_that_nobody_has_is_refused_before_anybody_is_met(family):
    with pytest.raises(NotInRegister):
        check_known(number_of("unknown"), field="person")
