"""Where a notice goes: the contact register looked up, and the population register, each time anew.

And how many messages wait for who is signed in.
"""

from uuid import UUID

from kpr_portal.ground import clock
from kpr_portal.notices.delivery import Destination, MailNotSent, Why, deliver, record_failure
from kpr_portal.notices.operations import claim
from kpr_portal.notices.queries import unread_count, unread_message
from kpr_portal.people.acting import Acting
from kpr_portal.people.contact_register import Contact, contact_register
from kpr_portal.people.population_register import population_register
from kpr_portal.people.queries import keys_of, number_of, person_by_key

# The register also has North Sámi; the portal does not.
LANGUAGES = {"nb": "nb", "nn": "nn", "en": "en"}


def deliver_notice(owed_id: int) -> None:
    """Tell somebody of a message, as owed: once, and not at all where it has been read already.

    A mail server that does not take it leaves a failed attempt; the sweep tries again. The mail leaves before
    the transaction ends, so that a crash in between may send it twice, and never lose it.
    """
    try:
        with claim(owed_id) as owed:
            message = unread_message(owed.cause) if owed else None
            if owed is not None and message is not None:
                to = destination_of(message.recipient)
                deliver(message, to=to, is_reminder=owed.payload["reminder"])
    except MailNotSent as failure:
        record_failure(failure)


def unread_messages(acting: Acting) -> int:
    """How many messages one has not read; none for who acts for another, since messages are shown to nobody else."""
    return unread_count(keys_of(acting.subject)) if acting.is_self else 0


def destination_of(key: UUID) -> Destination:
    """Where this person is told that there is a message: their e-mail address, or why a letter is needed.

    An address counts while it is confirmed (eForvaltningsforskriften § 32) and the person has not asked for
    letters (§ 9). The dead are never written to.
    """
    person = person_by_key(key)
    if person is None:
        return Destination(why=Why.UNKNOWN)
    number = number_of(person)
    registered = population_register().person(number)
    if registered is not None and registered.is_dead:
        return Destination(why=Why.DEAD)
    contact = contact_register().contact(registered.number if registered else number)
    if contact is None:
        return Destination(why=Why.NO_CONTACT)
    if why := _why_not(contact):
        return Destination(why=why)
    return Destination(address=contact.email, language=LANGUAGES.get(contact.language, "nb"))


def _why_not(contact: Contact) -> Why | None:
    """Why this address is not to be used, if it is not."""
    if contact.digital_reserved:
        return Why.DIGITAL_RESERVED
    if not contact.has_email:
        return Why.NO_CONTACT
    return None if contact.email_is_fresh(clock.today()) else Why.STALE
