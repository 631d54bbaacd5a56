"""To whom a letter goes: the population register asked for name and address, the contact register for language.

Asked at the moment the letter is made, and nothing of it is kept outside the letter.
"""

from dataclasses import dataclass
from enum import StrEnum

from kpr_portal.people.contact_register import contact_register
from kpr_portal.people.models import Person
from kpr_portal.people.notices import LANGUAGES
from kpr_portal.people.population_register import (
    Protection,
    RegisterPerson,
    ask_register,
    population_register,
)
from kpr_portal.people.queries import number_of


class NoLetter(StrEnum):
    """Why nobody can be written to by post."""

    DEAD = "dead"  # nobody writes to the dead
    UNKNOWN = "unknown"  # the register knows no such number
    STRICTLY_CONFIDENTIAL = "strictly_confidential"  # and the register gives no postal address
    NO_ADDRESS = "no_address"


@dataclass(frozen=True, repr=False)
class Addressee:
    """Name and address as `lines` of an envelope, and the language to write in ("nb", "nn" or "en").

    Without lines there is a reason `why`.
    """

    language: str
    lines: tuple[str, ...] = ()
    why: NoLetter | None = None

    def __post_init__(self) -> None:
        if bool(self.lines) == bool(self.why):
            msg = "An addressee has an address, or a reason why there is none."
            raise ValueError(msg)

    def __repr__(self) -> str:
        return "Addressee(******)"


def addressee_of(person: Person) -> Addressee:
    """Where a letter to this person goes now, and in which language: that of the contact register first.

    Whatever a register raises goes on to the caller, who tries again later.
    """
    number = number_of(person)
    registered = population_register().person(number)
    if registered is None:
        return Addressee(language="nb", why=NoLetter.UNKNOWN)
    language = _language(registered)
    if why := _why_not(registered):
        return Addressee(language=language, why=why)
    address = registered.address
    assert address is not None  # noqa: S101 -- the line above
    place = f"{address.postcode} {address.city}".strip()
    lines = (registered.name, *address.lines, place)
    return Addressee(language=language, lines=tuple(line for line in lines if line.strip()))


def why_not_sent_now(person: Person) -> NoLetter | None:
    """Why a letter that is made already is not to be sent: DEAD, or STRICTLY_CONFIDENTIAL without an address for post.

    None where it may be, or the register does not answer. Whoever has only moved may have their post sent on.
    """
    number = number_of(person)
    registered = ask_register([number]).get(number)
    why = _why_not(registered) if registered is not None else None
    return why if why in {NoLetter.DEAD, NoLetter.STRICTLY_CONFIDENTIAL} else None


def _why_not(registered: RegisterPerson) -> NoLetter | None:
    if registered.is_dead:
        return NoLetter.DEAD
    if registered.address is not None and any(map(str.strip, registered.address.lines)):
        return None
    if registered.protection is Protection.STRICTLY_CONFIDENTIAL:
        return NoLetter.STRICTLY_CONFIDENTIAL
    return NoLetter.NO_ADDRESS


def _language(registered: RegisterPerson) -> str:
    contact = contact_register().contact(registered.number)
    chosen = contact.language if contact is not None else ""
    return LANGUAGES.get(chosen) or LANGUAGES.get(registered.language, "nb")
