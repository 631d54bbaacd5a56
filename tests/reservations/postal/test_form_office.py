"""Who signs at work, for the child welfare service: the answer goes to the office, and nothing to their home."""

import re
from http import HTTPStatus

import pytest

from kpr_portal.ground.keyring import keyring
from reservations.postal import kept
from reservations.postal.answers import (
    MOST_OFFICE,
    MOST_OFFICE_ADDRESS,
    MOST_OFFICE_LINES,
    FormAnswers,
    Named,
    Office,
)
from reservations.postal.bases import BASES, CHILD_WELFARE
from reservations.postal.code import Tag, read
from reservations.postal.form_page import make_form
from reservations.postal.kinds import INSIGHT, RESERVATION, RETENTION_LIMIT, all_forms
from tests.reservations.postal.filling import LANGUAGE, PERSON, SIGNER, text, work
from tests.reservations.postal.printed import (
    OFFICE,
    SIGNER_NAME,
    blank,
    codes,
    filled,
    opened,
    pages,
    pictures,
    text_of,
)

FORMS = [form for form, basis in all_forms() if basis is CHILD_WELFARE]
TO_THE_OFFICE = "Svaret kommer til kontoret, og aldri hjem til deg. Ikke skriv hvor barnet bor."
TYPED = {
    "name": SIGNER,
    "office": "Barnevernstjenesten i Ås",
    "address": "Postboks 195\r\n1431 Ås",
    "heard": "on",
}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.slug)
@pytest.mark.parametrize("large", [False, True])
def test_paper_asks_for_the_office_and_never_for_the_number_of_who_signs(form, large):
    for answers in (
        blank(form, CHILD_WELFARE, large_print=large),
        filled(form, CHILD_WELFARE, large_print=large),
    ):
        shown = text_of(make_form(answers))

        assert [
            part in shown for part in ("Barnevernstjenesten eller kontoret", "Postadressen til kontoret")
        ] == [
            True,
            True,
        ]
        assert shown.count(TO_THE_OFFICE) == 1
        assert "Svaret kommer til adressen din i Folkeregisteret" not in shown
        assert shown.count("11 siffer") == 1  # the child's


@pytest.mark.parametrize("basis", BASES, ids=lambda basis: basis.slug)
def test_only_who_signs_at_work_is_promised_an_answer_to_the_office(basis):
    shown = text_of(make_form(blank(INSIGHT, basis)))

    assert (TO_THE_OFFICE in shown) is (basis is CHILD_WELFARE)
    assert ("til adressen din i Folkeregisteret" in shown) is (basis is not CHILD_WELFARE)


def test_fields_of_the_office_are_named_and_in_order():
    with opened(make_form(blank(RESERVATION, CHILD_WELFARE))) as pdf:
        names = [str(field.T) for field in pdf.Root.AcroForm.Fields]

    assert names[names.index("signer_name") :][:4] == [
        "signer_name",
        "office_name",
        "office_address",
        "answer_in_nb",
    ]
    assert "signer_number" not in names


def test_office_stands_on_the_paper_and_not_in_the_code():
    pdf = make_form(filled(RETENTION_LIMIT, CHILD_WELFARE))
    (_, written), *_ = codes(pictures(pdf)[0])
    content = read(written, prover=keyring())

    # What is not to be written there is read before the field.
    warned = "Svaret kommer til kontoret, og aldri hjem til deg. Ikke skriv hvor barnet bor."
    assert f"{OFFICE.name} {warned} Postadressen til kontoret Postboks 195 1431 Ås" in text_of(pdf)
    assert content.fields[Tag.SIGNER_NAME] == SIGNER_NAME
    assert Tag.SIGNER_NUMBER not in content.fields
    assert [part for part in ("Barnevernstjenesten", "Postboks", "1431") if part.encode() in written] == []


@pytest.mark.parametrize(("large", "most"), [(False, 2), (True, 4)])
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_longest_office_keeps_the_form_on_its_sheet(language, large, most):
    office = Office("W" * MOST_OFFICE, "W\n" * (MOST_OFFICE_LINES - 1) + "W" * (MOST_OFFICE_ADDRESS - 6))

    for form in FORMS:
        answers = filled(form, CHILD_WELFARE, language, large_print=large).with_(office=office)
        assert pages(make_form(answers)) <= most


def test_what_is_typed_of_the_office_is_made_fit_to_print():
    office = Office("Barne\u202evernet", "Postboks 1\u0007\n1431 Ås")
    shown = text_of(make_form(filled(INSIGHT, CHILD_WELFARE).with_(office=office)))

    assert re.search(
        r"Barnevernet Svaret [^,]+, [^.]+\. [^.]+\. Postadressen til kontoret Postboks 1 1431 Ås", shown
    )


def test_answers_come_back_from_what_was_sealed_and_from_before_there_was_an_office():
    answers = filled(INSIGHT, CHILD_WELFARE)
    before = answers.with_(office=None).to_json().replace(b'"office": null, ', b"")

    assert FormAnswers.from_json(answers.to_json()) == answers
    assert b"office" not in before
    assert FormAnswers.from_json(before) == answers.with_(office=None)
    assert "Ås" not in repr(OFFICE) + repr(answers)


@pytest.mark.django_db
def test_screen_asks_for_the_office_and_says_it_again_before_the_form_is_made(visitor):
    visitor.begins("lagringstid", "barnevernet")
    visitor.answers("valg", choice_1="retention_limit+")
    visitor.answers("hvem", **PERSON, born="01.03.2020")
    page = text(visitor.opens("underskrift"))
    missing = visitor.answers("underskrift", name=SIGNER, heard="on")

    asked = [name for name in re.findall(r'name="(\w+)"', page) if name in {*TYPED, "number"}]
    assert asked == ["name", "office", "address", "heard"]
    assert TO_THE_OFFICE.replace("til kontoret", "hit") in page
    assert missing.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert {"#id_office", "#id_address"} <= set(re.findall(r'href="(#id_\w+)"', text(missing)))

    visitor.answers("underskrift", **TYPED)
    answers = kept.read(visitor.key).draft.answers
    assert (answers.signer, answers.office) == (
        Named(SIGNER, ""),
        Office("Barnevernstjenesten i Ås", "Postboks 195\n1431 Ås"),
    )
    visitor.answers("sprak", **LANGUAGE)
    summed_up = text(visitor.client.get("/skjema/oppsummering/"))
    assert [part in summed_up for part in ("Barnevernstjenesten i Ås", "Postboks 195<br>1431 Ås")] == [
        True,
        True,
    ]
    assert 'value="Barnevernstjenesten i Ås"' in text(visitor.opens("underskrift"))

    visitor.orders()
    assert work() == 1
    assert "Barnevernstjenesten i Ås" in text_of(visitor.fetches().getvalue())
