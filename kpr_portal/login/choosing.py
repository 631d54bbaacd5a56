"""Choosing whom to act for, and what happens when that is not open any more.

The session holds the key of the row that was chosen, and nothing else: what the row opens is looked up anew at
every request. Acting for oneself is what a session without a choice does.
"""

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from kpr_portal.audit.operations import log_refusal
from kpr_portal.login.operations import REPRESENTING
from kpr_portal.people.acting import CITIZEN, Acting, log, log_refused
from kpr_portal.people.basis import Basis
from kpr_portal.people.models import Person
from kpr_portal.people.representation.queries import choices_for, representing
from kpr_portal.people.representation.rights import Closed

CHOOSE = "login:choose"
SWITCH = "login.switch"
# Its pages are one's own alone, whomever one acts for: signing in, messages, powers of attorney given.
OWN_PART = "login"
_OF_A_CHILD = _(
    "Papirskjemaet for et barn gjelder til barnet fyller %(age)s år. Etter det må den unge selv logge inn, eller bruke "
    "sitt eget skjema."
)
_PAPER_TAKES: Mapping[Basis, str | Promise] = {
    Basis.PARENT: _OF_A_CHILD,
    Basis.CHILD_WELFARE: _OF_A_CHILD,
    Basis.FOSTER_CARE: _OF_A_CHILD,
    Basis.GUARDIAN: _(
        "På papir må oppdraget også gjelde personlige forhold. Gjelder det bare økonomi, kan du be Statsforvalteren "
        "vurdere oppdraget på nytt."
    ),
    Basis.ATTORNEY: _(
        "På papir legger du ved en fullmakt som gjelder nå. Er den gått ut eller trukket tilbake, trenger du en ny fra "
        "den som ga den."
    ),
    Basis.FUTURE_POWER: _(
        "På papir legger du ved fremtidsfullmakten og bekreftelsen på at den gjelder. Den må også gjelde personlige "
        "forhold."
    ),
    Basis.NEXT_OF_KIN: _(
        "På papir legger du ved en erklæring fra lege om at personen ikke kan ta valget selv. Kan personen det, må "
        "personen selv logge inn, eller bruke sitt eget skjema."
    ),
}


def chosen_in(session: SessionBase, *, actor: Person) -> Acting | None:
    """The actor acting by the row this session has chosen, with the rights of this moment.

    None where it is not a row of the actor's, whatever the session says.
    """
    return acting_by(session[REPRESENTING], actor=actor)


def acting_by(key: object, *, actor: Person) -> Acting | None:
    """The actor acting by the row of this key, which may be anything a browser sent; None if it is not theirs."""
    try:
        row = UUID(str(key))
    except ValueError:
        return None
    return representing(row, actor=actor)


def is_away(acting: Acting | None) -> bool:
    """Whether nothing is open because the register does not answer: then it may be again in a while."""
    return acting is not None and acting.rights.closed is Closed.AWAY


def act_for(acting: Acting, *, session: SessionBase) -> None:
    """Let this session act for another from now on. The person acted for can see in the log that it did."""
    session[REPRESENTING] = str(acting.representation)
    log(acting, SWITCH, details={"representation": str(acting.representation)})


def act_for_oneself(session: SessionBase) -> None:
    """Let this session act for the person signed in from now on."""
    session.pop(REPRESENTING, None)


def close(closed: Acting | None, *, actor: Person, session: SessionBase) -> None:
    """What was chosen is not open: log the refusal, and let the session act for oneself from its next request."""
    if closed is not None:
        log_refused(closed, SWITCH, details={"representation": str(closed.representation)})
    else:
        log_refusal(actor=actor.key, subject=None, action=SWITCH, role=CITIZEN)
    act_for_oneself(session)


def has_choices(person: Person) -> bool:
    """Whether there is anybody whom this person may act for now."""
    return bool(choices_for(person))


def choose_first(address: str) -> str:
    """The way to a page by way of choosing whom it is for, in the language of that page."""
    page = _page_at(address)
    if page is not None and page.view_name == CHOOSE:
        return address
    with translation.override(_language_of(address)):
        return f"{reverse(CHOOSE)}?{urlencode({'next': address})}"


def paper_takes(right: Basis) -> str:
    """When paper helps one whose right is not open online, and what else does. Never tells why it is closed."""
    return str(_PAPER_TAKES[right]) % {"age": settings.LAW_DECIDES_ALONE_FROM_AGE}


def page_for_another(address: str) -> str:
    """Where one goes who has chosen another: a page about one thing of one's own is not there for the other."""
    page = _page_at(address)
    if page is not None and page.namespace != OWN_PART:
        about_one_thing = any(isinstance(value, UUID) for value in page.kwargs.values())
        if not about_one_thing:
            return address
    with translation.override(_language_of(address)):
        return reverse("front")


def _page_at(address: str) -> ResolverMatch | None:
    with translation.override(_language_of(address)):
        try:
            return resolve(address.partition("?")[0])
        except Resolver404:
            return None


def _language_of(address: str) -> str:
    return translation.get_language_from_path(address) or settings.LANGUAGE_CODE
