"""To whom a letter goes: the population register asked for name and address, the contact register for language.

Asked at the moment the letter is made, and again whenever it is printed or posted. Nothing of it is kept outside
the letter.
"""

from dataclasses import dataclass
from enum import StrEnum

from kpr_portal.people.contact_register import contact_register
from kpr_portal.people.models import Person
from kpr_portal.people.notices import LANGUAGES
from kpr_portal.people.population_register import (
    AWAY,
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
    return Addressee(language=language, lines=_lines(registered))


class RegisterSilent(Exception):
    """The population register does not answer: nobody knows where a letter goes now."""


def window_now(person: Person) -> tuple[str, ...] | NoLetter:
    """The lines that a letter to this person would have in its window if it were made now, or why it would have none.

    To compare with a letter that is made already. Raises RegisterSilent.
    """
    number = number_of(person)
    answers = ask_register([number])
    if answers is AWAY:
        raise RegisterSilent
    registered = answers.get(number)
    if registered is None:
        return NoLetter.UNKNOWN
    return _why_not(registered) or _lines(registered)


def _lines(registered: RegisterPerson) -> tuple[str, ...]:
    address = registered.address
    assert address is not None  # noqa: S101 -- `_why_not` has been asked
    place = f"{address.postcode} {address.city}".strip()
    return tuple(line for line in (registered.name, *address.lines, place) if line.strip())


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
