"""The quick way into a page: a session as a sign-in makes it, without the sign-in."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.test import Client

from kpr_portal.ground import clock
from kpr_portal.ground.keyring import keyring
from kpr_portal.login import kept
from kpr_portal.login.choosing import chosen_in
from kpr_portal.login.crossed import FIELD, value_for
from kpr_portal.login.models import Account, Session
from kpr_portal.login.oidc.realms import RealmName, realm
from kpr_portal.login.operations import ID_TOKEN, KEPT_FORMS, PROVEN_AT, REPRESENTING
from kpr_portal.login.sessions import SessionStore, SignedIn, hash_of
from kpr_portal.people.models import Person, Role
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.operations import grant_role, person_for
from kpr_portal.people.population_register import population_register
from kpr_portal.people.queries import number_of, roles_of


def sign_in(
    client: Client,
    person_or_number: Person | NationalId,
    *,
    staff: bool = False,
    roles: Collection[Role | str] = (),
    sid: str = "a-sid",
    organisation: str = "Folkehelseinstituttet",
    proven: bool = False,
) -> Person:
    """Sign somebody in on this client, as from now; `roles` are granted too. Returns the person.

    `proven`: they were asked to prove anew who they are (`login.access.fresh_proof_required`).

    The session needs no write of its own for a whole minute, so that queries can be counted.
    """
    person = person_or_number if isinstance(person_or_number, Person) else person_for(person_or_number)
    registered = population_register().person(number_of(person))
    data: dict[str, Any] = {"display_name": registered.name if registered else ""}
    if staff:
        for role in set(map(str, roles)) - roles_of(person):
            grant_role(person, Role(role), granted_by=None)
        data |= {"staff_roles": sorted(map(str, roles)), "organisation": organisation}
    account, _made = Account.objects.get_or_create(person=person)
    if proven:
        data[PROVEN_AT] = clock.now().isoformat()
    if kept.has_any(account):
        data[KEPT_FORMS] = True
    name = RealmName.STAFF if staff else RealmName.CITIZEN
    store = SessionStore()
    signed_in = SignedIn(
        realm=name,
        account=account,
        issuer=realm(name).issuer,
        sid=sid,
        auth_time=clock.now(),
        id_token=keyring().seal(b"an.id.token", context=ID_TOKEN),
    )
    store.begin(signed_in, data=data)
    assert store.session_key is not None
    Session.objects.filter(key_hash=hash_of(store.session_key)).update(last_seen=clock.now())
    client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key
    return person


def session_of(client: Client) -> SessionStore:
    """The session of this client's browser, as it is stored now."""
    return SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)


def carried(client: Client) -> dict[str, str]:
    """What every form carries that this client opens now: for whom it is."""
    session = session_of(client)
    assert session.signed_in is not None
    assert session.signed_in.account is not None
    subject = session.signed_in.account.person
    if REPRESENTING in session:
        acting = chosen_in(session, actor=subject)
        assert acting is not None
        subject = acting.subject
    return {FIELD: value_for(subject, session_key=str(session.session_key))}
