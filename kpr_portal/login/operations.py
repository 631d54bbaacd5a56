"""What a believed sign-in leads to, and how sessions end."""

from datetime import datetime
from typing import Any

import structlog
from allauth.socialaccount.internal import statekit
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from kpr_portal.ground.keyring import CannotOpen, keyring
from kpr_portal.login import errors, kept
from kpr_portal.login.errors import SignInRefused
from kpr_portal.login.models import Account, Session
from kpr_portal.login.oidc.realms import RealmName
from kpr_portal.login.oidc.tokens import Identity
from kpr_portal.login.sessions import SessionStore, SignedIn
from kpr_portal.people.models import Person
from kpr_portal.people.national_id import InvalidNationalId, NationalId, Reason, check_policy
from kpr_portal.people.operations import person_for
from kpr_portal.people.population_register import ask_register
from kpr_portal.people.queries import find_person, roles_of
from kpr_portal.people.representation.from_register import refresh_from_register

log = structlog.get_logger(__name__)

ID_TOKEN = "login.id_token"  # noqa: S105 -- the context it is sealed in
# What a session's data may hold beside who it is: for whom one acts, when one proved anew who one is
# (ISO 8601), and whether something typed is kept.
REPRESENTING = "representing"
PROVEN_AT = "proven_at"
KEPT_FORMS = "kept_forms"
_REFUSALS_OF_NUMBERS = {
    Reason.SYNTHETIC: errors.SYNTHETIC,
    Reason.NOT_SYNTHETIC: errors.NOT_SYNTHETIC,
}


@transaction.atomic
def sign_in(
    request: HttpRequest, *, identity: Identity, id_token: str, proven_at: datetime | None = None
) -> Person:
    """Let a citizen in, in a new session. One whom nobody knew yet becomes a Person, and is welcome.

    `proven_at` is when they proved anew who they are, where that was asked for. Raises SignInRefused: no number
    or no valid one, a number this installation does not take, and, by the population register as it is now,
    the dead. A register that does not answer turns nobody away from their own choices: it is asked again.
    """
    number = _number_in(identity)
    registered = ask_register([number]).get(number)
    if registered is not None and registered.is_dead:
        raise SignInRefused(errors.DEAD, code="dead")
    person = person_for(number)
    _take_in_rights(person)
    name = registered.name if registered is not None else ""
    _begin(
        request,
        person,
        realm=RealmName.CITIZEN,
        identity=identity,
        id_token=id_token,
        proven_at=proven_at,
        data={"display_name": name},
    )
    return person


@transaction.atomic
def sign_in_staff(
    request: HttpRequest, *, identity: Identity, id_token: str, proven_at: datetime | None = None
) -> Person:
    """Let a member of staff in, in a new session that can never act as a citizen.

    The issuer's roles count only where the portal has granted them too (`people.StaffRole`), and the
    other way round. Raises SignInRefused where no role is both. Never makes a Person.
    """
    number = _number_in(identity)
    person = find_person(number)
    if person is None or not identity.roles & roles_of(person):
        raise SignInRefused(errors.NO_ROLE, code="no_role")
    registered = ask_register([number]).get(number)
    data = {
        "display_name": registered.name if registered is not None else "",
        "staff_roles": sorted(identity.roles),
        "organisation": identity.organisation,
    }
    _begin(
        request,
        person,
        realm=RealmName.STAFF,
        identity=identity,
        id_token=id_token,
        proven_at=proven_at,
        data=data,
    )
    return person


def sign_out(request: HttpRequest) -> str:
    """End this browser's session, before anything else can go wrong; also one whose time is out already.

    What is kept of what the person had typed goes too: here, and, told by Django's `user_logged_out`, in the rooms
    above; what goes wrong there is logged, and stops nothing. Returns the ID token to hand to the issuer, or
    nothing where there is none to be had.
    """
    store = _store(request)
    row = store.signed_in or store.was_signed_in
    hint = _opened(row) if row is not None else ""
    store.flush()
    rotate_token(request)
    if row is not None and row.account_id is not None:
        kept.forget([row.account_id])
        user_logged_out.send_robust(sender=Account, request=request, user=row.account)
    return hint


@transaction.atomic
def end_sessions_of(*, issuer: str, sid: str) -> None:
    """End what the issuer says has ended, and forget what its people had typed.

    Does nothing, and tells nothing, for what is not known here.
    """
    if sid:
        ended = Session.objects.filter(issuer=issuer, sid=sid)
        accounts = [account for account in ended.values_list("account_id", flat=True) if account is not None]
        ended.delete()
        kept.forget(accounts)


def end_sessions_long_over() -> None:
    """Forget sessions that ended so long ago that nobody needs to be told."""
    SessionStore.clear_expired()


def stay(request: HttpRequest) -> bool:
    """Note that the person is still here. False where the session is over."""
    store = _store(request)
    store.touch(at_once=True)
    return store.signed_in is not None


def _take_in_rights(person: Person) -> None:
    """Whom one may act for, and who for one, by the register as it is now. Never stops a sign-in."""
    try:
        with transaction.atomic():
            refresh_from_register(person)
    except Exception as error:  # noqa: BLE001 -- one's own pages are open whatever is wrong with this
        log.warning("rights_not_taken_in", error=type(error).__name__)


def _number_in(identity: Identity) -> NationalId:
    """The number the issuer vouches for. Raises SignInRefused."""
    if identity.pid is None:
        raise SignInRefused(errors.NO_NUMBER, code="no_pid")
    try:
        number = NationalId(identity.pid)
        check_policy(number, policy=settings.NATIONAL_ID_SYNTHETIC)
    except InvalidNationalId as invalid:
        refusal = _REFUSALS_OF_NUMBERS.get(invalid.reason, errors.NUMBER_NOT_VALID)
        raise SignInRefused(refusal, code=f"pid_{invalid.reason}") from None
    return number


def _begin(
    request: HttpRequest,
    person: Person,
    *,
    realm: RealmName,
    identity: Identity,
    id_token: str,
    proven_at: datetime | None,
    data: dict[str, Any],
) -> None:
    account, _made = Account.objects.get_or_create(person=person)
    signed_in = SignedIn(
        realm=realm,
        account=account,
        issuer=identity.issuer,
        sid=identity.sid,
        auth_time=identity.auth_time,
        id_token=keyring().seal(id_token.encode(), context=ID_TOKEN),
    )
    store = _store(request)
    # A sign-in under way in another tab may go on; nothing else is carried over the threshold, but for one who
    # only proves once more who they are: for whom they act, which is looked up anew at every request.
    over = {}
    if under_way := statekit.get_states(request):
        over[statekit.STATES_SESSION_KEY] = under_way
    before = store.signed_in
    if (
        before is not None
        and (before.realm, before.account_id) == (realm, account.pk)
        and REPRESENTING in store
    ):
        over[REPRESENTING] = store[REPRESENTING]
    if proven_at is not None:
        over[PROVEN_AT] = proven_at.isoformat()
    if kept.has_any(account):
        over[KEPT_FORMS] = True
    store.begin(signed_in, data={**over, **data})
    rotate_token(request)
    log.info("signed_in", realm=realm.value, person=str(person.key))


def _opened(row: Session) -> str:
    if row.id_token is None:
        return ""
    try:
        return keyring().open(bytes(row.id_token), context=ID_TOKEN).decode()
    except CannotOpen:
        return ""


def _store(request: HttpRequest) -> SessionStore:
    store = request.session
    assert isinstance(store, SessionStore)  # noqa: S101 -- SESSION_ENGINE names this very class
    return store
