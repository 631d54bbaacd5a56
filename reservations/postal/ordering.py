"""Forms made for somebody who has rung or come to the desk: filled in with what the registers know, and posted.

Whoever orders sees neither the number nor the form: both go into the envelope. Which boxes are ticked is the
person's word on the telephone, and binds nobody before it is signed.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import translation

from kpr_portal.documents.operations import store_document
from kpr_portal.ground import clock
from kpr_portal.ground.keyring import keyring
from kpr_portal.notices.operations import claim, owe
from kpr_portal.people.letters import addressee_of
from kpr_portal.people.models import Person
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.population_register import RegisterPerson, ask_register
from kpr_portal.people.queries import number_of, person_by_key
from kpr_portal.people.representation.from_register import refresh_from_register
from kpr_portal.people.representation.queries import registered_now, representing, standing_between
from reservations.postal.ages import has_a_say
from reservations.postal.answers import FormAnswers, Named, fitted
from reservations.postal.bases import DEAD, ON_PAPER, PaperBasis, basis_of
from reservations.postal.code import FormKind
from reservations.postal.errors import (
    CannotBeReached,
    IsAlive,
    IsDead,
    NotInRegister,
    OldEnough,
    SamePerson,
)
from reservations.postal.kinds import PostalForm, form_of
from reservations.postal.letters.operations import free_number, queue_for_posting

MAKE_ORDERED = "postal.make_ordered_form"
PDF = "application/pdf"


@dataclass(frozen=True)
class OrderedForm:
    """What is ordered: which form, for whom, and how it is printed.

    `person` is whom it concerns, `signer` who signs where that is another, and who then gets it. `choices` are
    option codes of the form; what is not among them is left open. `language` is "nb", "nn" or "en".
    """

    form: PostalForm
    basis: PaperBasis
    person: Person
    signer: Person | None
    choices: tuple[str, ...]
    language: str
    large_print: bool

    @property
    def recipient(self) -> Person:
        """Who gets it in the post."""
        return self.signer or self.person


@transaction.atomic
def order_form(ordered: OrderedForm, *, by: Person) -> UUID:
    """Owe a form to be made and queued for posting; gives the key of the document that it becomes.

    Nothing typed is kept: keys of persons and codes alone. Raises ValueError where the form is not for this basis, or
    is signed for an office, which no register knows; where the language is none of ours, or a choice is no option of
    it; and what `check_fits` raises.
    """
    _check_is_a_form(ordered)
    check_fits(ordered)
    key = uuid4()
    payload = {
        "kind": int(ordered.form.kind),
        "basis": ordered.basis.code,
        "person": str(ordered.person.key),
        "signer": str(ordered.signer.key) if ordered.signer else None,
        "choices": _sealed(ordered.choices, key),
        "language": ordered.language,
        "large_print": ordered.large_print,
        "by": str(by.key),
    }
    owe(MAKE_ORDERED, cause=key, payload=payload)
    return key


def check_fits(ordered: OrderedForm) -> None:
    """Whether the registers agree that such a form can be made for these and sent.

    Raises NotInRegister, SamePerson, IsDead, IsAlive, OldEnough, CannotBeReached, each with the field it is about.
    """
    if ordered.signer == ordered.person:
        raise SamePerson("signer")
    person = _registered(ordered.person, field="person")
    if ordered.basis is DEAD and not person.is_dead:
        raise IsAlive
    if ordered.basis is not DEAD and person.is_dead:
        raise IsDead
    if ordered.basis.for_a_child and person.age_on(clock.today()) >= settings.LAW_DECIDES_ALONE_FROM_AGE:
        raise OldEnough
    field = "person" if ordered.signer is None else "signer"
    _registered(ordered.recipient, field=field)
    if addressee_of(ordered.recipient).why is not None:
        raise CannotBeReached(field)


def check_known(number: NationalId, *, field: str) -> None:
    """Whether the population register knows somebody by this number. Raises NotInRegister."""
    if not ask_register([number]):
        raise NotInRegister(field)


def make_ordered_form(owed_id: int) -> None:
    """Make the form that this row owes and queue it for posting, once."""
    from reservations.postal.form_page import make_form  # noqa: PLC0415 -- slow import, worker only

    with claim(owed_id) as owed:
        if owed is None:
            return
        by = person_by_key(UUID(owed.payload["by"]))
        ordered = _ordered(owed.payload, owed.cause)
        answers = _answers(ordered)
        with translation.override(ordered.language):
            title = str(ordered.form.title)
        document = store_document(
            make_form(answers), media_type=PDF, title=title, expires_at=_lasts_until(), key=owed.cause
        )
        queue_for_posting(
            document.key,
            recipient=ordered.recipient,
            concerned=ordered.person if ordered.signer else None,
            by=by,
            title=title,
            language=ordered.language,
            large_print=ordered.large_print,
            reference=answers.reference,
        )


def _check_is_a_form(ordered: OrderedForm) -> None:
    languages = {code for code, _name in settings.LANGUAGES}
    if (
        ordered.basis not in ordered.form.bases
        or ordered.basis.for_an_office
        or ordered.basis.is_self != (ordered.signer is None)
        or ordered.language not in languages
        or not ordered.form.codes.issuperset(ordered.choices)
    ):
        msg = "There is no such form."
        raise ValueError(msg)


def _ordered(payload: Mapping[str, Any], key: UUID) -> OrderedForm:
    signer = payload["signer"]
    return OrderedForm(
        form=form_of(FormKind(payload["kind"])),
        basis=basis_of(payload["basis"]),
        person=_person(payload["person"]),
        signer=_person(signer) if signer else None,
        choices=_opened(payload["choices"], key),
        language=payload["language"],
        large_print=payload["large_print"],
    )


def _answers(ordered: OrderedForm) -> FormAnswers:
    """What the form says, with the names and numbers that the registers hold now.

    On a form that goes to another nothing is said of the person it concerns, unless the registers let the other
    act for them now: else whoever rings with a number would be sent a name, and a name can be what somebody hides.
    What the caller has said stands there all the same, and who signs.
    """
    registered = _registered(ordered.person, field="person")
    is_named = ordered.signer is None or _may_be_named_to(ordered.signer, ordered)
    return FormAnswers(
        kind=ordered.form.kind,
        basis=ordered.basis.code,
        language=ordered.language,
        large_print=ordered.large_print,
        answer_language=ordered.language,
        person=_named(ordered.person) if is_named else None,
        signer=_named(ordered.signer) if ordered.signer else None,
        born=registered.birth_date if is_named and ordered.basis.for_a_child else None,
        choices=ordered.choices,
        reference=free_number(),
        is_known=is_named,
        is_posted=True,
        is_young=ordered.basis.is_self and _is_young(registered),
    )


def _is_young(registered: RegisterPerson) -> bool:
    """Whether their parents may be kept from knowing, and would else be told (pbrl § 3-4, hregl § 15)."""
    today = clock.today()
    decides_alone = registered.age_on(today) >= settings.LAW_DECIDES_ALONE_FROM_AGE
    return has_a_say(registered.birth_date, on=today) and not decides_alone


def _may_be_named_to(signer: Person, ordered: OrderedForm) -> bool:
    refresh_from_register(signer)
    for row in standing_between(signer, ordered.person):
        acting = representing(row.key, actor=signer)
        is_this = ON_PAPER.get(row.mandate.basis) is ordered.basis
        if is_this and acting is not None and acting.rights.scopes:
            return True
    return False


def _sealed(choices: tuple[str, ...], key: UUID) -> str:
    """Beside the key of a person a choice is nobody's to read."""
    return b64encode(keyring().seal(json.dumps(choices).encode(), context=f"{MAKE_ORDERED}:{key}")).decode()


def _opened(sealed: str, key: UUID) -> tuple[str, ...]:
    return tuple(json.loads(keyring().open(b64decode(sealed), context=f"{MAKE_ORDERED}:{key}")))


def _lasts_until() -> datetime:
    return clock.now() + timedelta(days=settings.POSTAL_ORDERED_DAYS)


def _named(person: Person) -> Named:
    return Named(fitted(_registered(person, field="person").name), number_of(person).digits)


def _registered(person: Person, *, field: str) -> RegisterPerson:
    found = registered_now(person)
    if found is None:
        raise NotInRegister(field)
    return found


def _person(key: str) -> Person:
    person = person_by_key(UUID(key))
    if person is None:
        msg = "A person of an order is gone."
        raise LookupError(msg)
    return person
