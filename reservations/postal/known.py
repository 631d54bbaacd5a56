"""What the register knows of whoever is signed in, put into a form instead of being typed.

It goes straight into the same ciphertext as what is typed. On the screen the number is never shown.
"""

from dataclasses import replace

from django.conf import settings
from django.db import transaction

from kpr_portal.ground import clock
from kpr_portal.ground.keyring import CannotOpen
from kpr_portal.people.acting import Acting, log
from kpr_portal.people.models import Person
from kpr_portal.people.population_register import RegisterPerson, ask_register
from kpr_portal.people.queries import number_of
from reservations.postal.answers import Named, fitted
from reservations.postal.bases import ON_PAPER
from reservations.postal.steps import Draft, Step

FILL_IN = "postal.fill_in"


@transaction.atomic
def filled_in(draft: Draft, *, acting: Acting) -> Draft:
    """The draft with what is known of who acts, and of whom they act for where the form has the same basis.

    What the register does not tell is asked as of anybody. Whose name and number were taken is in the access log.
    A draft with anything known in it is from now on for the one who is signed in alone.
    """
    basis = draft.basis
    for_this = not acting.is_self and ON_PAPER.get(acting.basis) is basis
    actor = _looked_up(acting.actor)
    if basis.is_self:
        draft = _with_person(draft, actor)
    elif not basis.for_an_office:  # who signs at work gives their name there, and no number
        draft = _with_signer(draft, actor)
    if for_this:
        draft = _with_person(draft, _looked_up(acting.subject))
    if draft.known & ({Step.PERSON} if basis.is_self else {Step.SIGNER}):
        log(Acting.for_oneself(acting.actor), FILL_IN)
    if for_this and Step.PERSON in draft.known:
        log(acting, FILL_IN)
    return replace(draft, filled_in_for=str(acting.actor.key)) if draft.known else draft


def _looked_up(person: Person) -> RegisterPerson | None:
    try:
        number = number_of(person)
    except CannotOpen:
        return None
    found = ask_register([number]).get(number)
    return found if found and found.name else None


def _with_person(draft: Draft, found: RegisterPerson | None) -> Draft:
    if found is None:
        return draft
    born = found.birth_date if draft.basis.for_a_child else None
    person = Named(fitted(found.name), found.number.digits)
    # Whoever is so young is asked, on their own form, whether the parents are to know.
    young = found.age_on(clock.today()) < settings.LAW_DECIDES_ALONE_FROM_AGE
    known = draft.know(Step.PERSON, is_whole=not (draft.basis.is_self and young), person=person, born=born)
    return replace(known, decides_alone=not young)


def _with_signer(draft: Draft, found: RegisterPerson | None) -> Draft:
    if found is None:
        return draft
    signer = Named(fitted(found.name), found.number.digits)
    return draft.know(Step.SIGNER, is_whole=not draft.basis.hears, signer=signer)
