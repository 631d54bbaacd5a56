"""Nobody sees or changes what is another's: every address, as every kind of person who is to be refused.

The addresses come from the URLconf. A new one is walked by itself, and where nothing of the victim's opens it,
the guard says so: then the victim lacks something, or the address belongs among the few exceptions.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.login.access import StaffRequiredMixin
from kpr_portal.login.operations import REPRESENTING
from kpr_portal.people.basis import Scope
from kpr_portal.people.models import Person, Representation, Role
from kpr_portal.people.operations import end_role
from kpr_portal.people.population_register import Protection
from kpr_portal.people.queries import current_roles
from kpr_portal.people.representation.blocks import block
from kpr_portal.people.representation.powers import end_power
from reservations.rules import Action
from tests.guards.test_urls import PUBLIC, SIGN_IN
from tests.support.alike import lasting
from tests.support.family import enter_family
from tests.support.sign_in import carried, session_of, sign_in
from tests.support.victims import R1, WORD, shown, victim

pytestmark = pytest.mark.django_db

# Not walked, each for its reason. The sign-in itself has tests of its own in tests/login.
NOT_WALKED = {
    "login:choose": "chooses whom one acts for, and changes nothing of a person's; tests/login/test_acting_*",
}
# Where any key will do, since none is looked up: it is kept with what one asks oneself.
TAKES_ANY_KEY = {"enquiries:new_about"}
# Those that answer a key of another's otherwise than by 404, the same as one that does not exist.
ANSWERS_ALIKE = {
    "insight:file": "leads to where a copy is ordered, as for a copy whose time is over",
    "login:end_power": "says that nothing was changed",
    "login:block": "says that nothing was changed",
    "login:lift_block": "says that nothing was changed",
}
# What a representative may open, and what is their own business in any case. All else is not there for them.
OPEN = {
    Scope.INSIGHT: {"overview", "source", "record", "releases", "download", "data", "file"},
    Scope.RESERVATION: {"history", "receipt", "receipt_pdf", "place", "lift", "wish"},
}
PART = {Scope.INSIGHT: "insight", Scope.RESERVATION: "reservations"}

NOWHERE = "7f0c2f1e-3f5b-4b44-9a52-0d8c1c1e9a11"
# What stands in an address for a kind of something, by part of the portal; any of them where none is named.
SLUGS = {
    "reservations": [R1],
    "enquiries": ["ask", "retention_limit"],
    "insight": ["fastlege-og-legevakt"],
}
ANY_SLUG = [slug for slugs in SLUGS.values() for slug in slugs]
# What would change something, were it let in.
FORM = {"text": "Hei", "choice": "erase", "again": "1", "heard": "on", "hvem": "", "number": "", "power": "x"}
GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
UNTOLD = {"Session", "AccessLogEntry", "KeptForm"}


@dataclass(frozen=True)
class Address:
    """An address of the URLconf, with places for a key and for a slug."""

    name: str
    route: str
    view: Callable[..., Any]

    @property
    def has_key(self) -> bool:
        return "<uuid:" in self.route

    @property
    def is_for_staff(self) -> bool:
        view_class = getattr(self.view, "view_class", type(None))
        return issubclass(view_class, StaffRequiredMixin)

    def paths(self, key=NOWHERE):
        """The address with this key, and each slug where it takes one."""
        route = re.sub(r"<uuid:\w+>", str(key), self.route)
        slugs = SLUGS.get(self.name.partition(":")[0], ANY_SLUG)
        return [re.sub(r"<slug:\w+>", slug, route) for slug in slugs] if "<slug:" in route else [route]


def every_address(resolver=None, prefix="", namespaces=()):
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Address(":".join([*namespaces, pattern.name]), "/" + route.lstrip("/"), pattern.callback)
        else:
            spaces = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from every_address(pattern, route, spaces)


WALKED = [
    address
    for address in every_address()
    if address.name not in PUBLIC | set(NOT_WALKED) and not address.route.startswith(SIGN_IN)
]
FOR_CITIZENS = [address for address in WALKED if not address.is_for_staff]
FOR_STAFF = [address for address in WALKED if address.is_for_staff]


@dataclass(frozen=True)
class Answer:
    """What came back, without what differs from one visit to the next."""

    status: int
    leads_to: str
    body: str
    raw: str = field(compare=False, repr=False)

    def tells_of(self, someone, *, at=""):
        """The marks of the victim in it, but for what stands in the address itself."""
        return [mark for mark in someone.marks if mark in self.raw and mark not in at]


@dataclass
class Walker:
    """Someone with a browser, who tries addresses. `representing`: chosen anew before every step."""

    client: Client
    representing: str = ""

    def tries(self, method, path, address, *, anew=True) -> Answer:
        form = {}
        if self.representing and anew:
            session = session_of(self.client)
            session[REPRESENTING] = self.representing
            session.save()
        if method == "post":
            action = Action.LIFTED if address.name.endswith("lift") else Action.PLACED
            form = {**FORM, "shown": shown(R1, action), **self._carried()}
        self.client.cookies.pop("messages", None)
        response = getattr(self.client, method)(path, form)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        said = self.client.cookies["messages"].value if "messages" in self.client.cookies else ""
        heard = self.client.get("/kontakt/").content.decode() if said else ""
        alerts = re.findall(r'class="ds-alert"[^>]*>([^<]*)<', heard)
        text, leads_to = body.decode(errors="replace"), response.headers.get("Location", "")
        return Answer(
            response.status_code, lasting(leads_to), lasting(text) + "".join(alerts), raw=text + leads_to
        )

    def _carried(self):
        if settings.SESSION_COOKIE_NAME not in self.client.cookies:
            return {}
        session = session_of(self.client)
        if session.signed_in is None or session.signed_in.realm != "citizen":
            return {}
        return carried(self.client)


@pytest.fixture
def family(db):
    return enter_family()


@pytest.fixture
def giver(family, opened, tmp_path):
    """Someone grown up, for whom another has a power to do everything."""
    return giver_of(family, tmp_path)


def giver_of(family, folder, slug="attorney_giver"):
    family.power(slug, "future_power_holder")
    return victim(family, slug, helped_by="future_power_holder", folder=folder)


def citizen(family, slug, *, representing=None, for_=None):
    """Someone signed in, who has chosen a row of their own where one is told."""
    client = Client()
    person = sign_in(client, family.person(slug), proven=True)
    if for_ is not None:
        rows = Representation.objects.filter(representative=person, represented=family.person(for_))
        representing = rows.latest("id").key
    return Walker(client, str(representing or ""))


def written():
    """How much there is of everything that is not only told of the session or the log."""
    counted = [model for model in apps.get_models() if model._meta.managed and model.__name__ not in UNTOLD]
    return {model._meta.label: model._base_manager.count() for model in counted if not model._meta.proxy}


def about(person):
    """How much stands about a person in each table that names one."""
    found = {}
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, models.ForeignKey) and column.related_model is Person:
                rows = model._base_manager.filter(**{column.name: person.pk})
                found[f"{model._meta.label}.{column.name}"] = rows.count()
    return found


def seen_of(person):
    """What the log says was shown of a person, and to whom."""
    rows = AccessLogEntry.objects.filter(subject=person.key, outcome="seen")
    return sorted(rows.values_list("action", "actor"))


def steps(address, keys):
    """Each way of trying an address with one of these keys, and with one that does not exist."""
    for method in ("get", "post"):
        for key in keys:
            for there, nowhere in zip(address.paths(key), address.paths(), strict=True):
                yield method, there, nowhere


# --- That there is something to see


_OPENED: dict[str, frozenset[str]] = {}


@pytest.fixture
def opened(family, tmp_path):
    """By address that takes a key, what of the victim's opens it to the victim: found out once, and undone."""
    if not _OPENED:
        with transaction.atomic():
            (tmp_path / "opened").mkdir()
            theirs = giver_of(family, tmp_path / "opened")
            walker = citizen(family, "attorney_giver")
            for address in (address for address in FOR_CITIZENS if address.has_key):
                found = (what for what, key in theirs.keys.items() if _opens(walker, address, key))
                _OPENED[address.name] = frozenset(found)
            transaction.set_rollback(True)
    return _OPENED


def _opens(walker, address, key):
    return any(
        _undone(walker, method, there, address) != _undone(walker, method, nowhere, address)
        for method, there, nowhere in steps(address, [key])
    )


def _undone(walker, *step):
    with transaction.atomic():
        answer = walker.tries(*step)
        transaction.set_rollback(True)
    return answer


def test_everything_of_the_victims_is_there_to_be_seen_by_the_victim(family, giver, opened):
    """So that the walk below is not a walk past closed doors that lead nowhere."""
    walker = citizen(family, "attorney_giver")
    closed = {
        address.name
        for address in FOR_CITIZENS
        if not address.has_key
        and all(walker.tries("get", path, address).status == HTTPStatus.NOT_FOUND for path in address.paths())
    }
    assert closed == set()
    assert {name for name, what in opened.items() if not what} == TAKES_ANY_KEY
    assert frozenset.union(*opened.values()) == set(giver.keys)


def test_every_exception_is_an_address():
    names = {address.name for address in every_address()}

    assert {*NOT_WALKED, *TAKES_ANY_KEY, *ANSWERS_ALIKE} - names == set()
    assert {f"{PART[scope]}:{name}" for scope in OPEN for name in OPEN[scope]} - names == set()


# --- Those with nothing to do with the victim


def stranger(family, who):
    """Someone who acts for themselves, or for somebody else, and has no right to the victim's."""
    if who == "parent of another child":
        family.signs_in("parent")
        return citizen(family, "parent", for_="child_8")
    if who == "guardian with economic mandate":
        family.signs_in("guardian_economic")
        return citizen(family, "guardian_economic")
    return citizen(family, "nothing_held")


@pytest.mark.parametrize(
    ("who", "of"),
    [
        ("other citizen", "attorney_giver"),
        ("parent of another child", "attorney_giver"),
        ("guardian with economic mandate", "ward_economic"),
    ],
)
def test_stranger_meets_a_key_of_the_victims_as_a_key_of_nobodys(family, tmp_path, opened, who, of):
    theirs, walker = giver_of(family, tmp_path, of), stranger(family, who)
    before, told, looks = written(), seen_of(theirs.person), 0

    for address in (address for address in FOR_CITIZENS if opened.get(address.name)):
        for method, there, nowhere in steps(address, theirs.opening(opened[address.name])):
            found, lost = walker.tries(method, there, address), walker.tries(method, nowhere, address)
            assert found == lost, (address.name, method)
            assert found.status in GONE or address.name in ANSWERS_ALIKE, (address.name, found.status)
            looks += 1

    assert looks > 20
    assert (written(), seen_of(theirs.person)) == (before, told)


@pytest.mark.parametrize("who", ["other citizen", "parent of another child"])
def test_no_page_of_a_strangers_says_anything_of_the_victim(family, giver, who):
    walker = stranger(family, who)
    before, told = about(giver.person), seen_of(giver.person)

    for address in every_address():
        if address.has_key or address.route.startswith(SIGN_IN):
            continue
        for method, path, _nowhere in steps(address, [NOWHERE]):
            assert walker.tries(method, path, address).tells_of(giver) == [], (address.name, method)

    assert (about(giver.person), seen_of(giver.person)) == (before, told)


# --- Those who could once, or in another way


def closed_for(family, way, folder):
    """Who chose to act for the victim, when what was chosen is not open any more; and the victim."""
    if way == "child turned 16":
        family.aged("newly_16", 15)
        family.signs_in("parent_of_newly_16")
        theirs = victim(family, "newly_16", helped_by="parent_of_newly_16", folder=folder)
        family.aged("newly_16", 16)
        return citizen(family, "parent_of_newly_16", for_="newly_16"), theirs
    if way in {"protected parent", "protected child"}:
        for parent in ("parent", "other_parent"):
            family.signs_in(parent)
        theirs = victim(family, "child_8", helped_by="other_parent", folder=folder)
        family.change(
            "parent" if way == "protected parent" else "child_8", protection=Protection.CONFIDENTIAL
        )
        return citizen(family, "parent", for_="child_8"), theirs
    theirs = giver_of(family, folder)
    power, giver = family.power("attorney_giver", "attorney"), family.oneself("attorney_giver")
    if way == "ended power":
        end_power(power.key, acting=giver)
    else:
        block(power.key, acting=giver)
    return citizen(family, "attorney", for_="attorney_giver"), theirs


CLOSED = ["child turned 16", "ended power", "blocked", "protected parent", "protected child"]
UNAVAILABLE = '<h1 class="ds-heading" data-size="lg">Ikke tilgjengelig</h1>'


@pytest.mark.parametrize("way", CLOSED)
def test_one_whose_right_has_closed_meets_one_page_and_is_a_stranger_after(family, tmp_path, opened, way):
    walker, theirs = closed_for(family, way, tmp_path)
    before, told = written(), seen_of(theirs.person)

    for address in FOR_CITIZENS:
        for method, there, nowhere in steps(address, theirs.opening(opened.get(address.name, ()))):
            answer = walker.tries(method, there, address)
            assert (answer.status, UNAVAILABLE in answer.body) == (404, True), (address.name, method)
            assert answer.tells_of(theirs, at=there) == [], (address.name, method)
            if opened.get(address.name):
                after, lost = (walker.tries(method, path, address, anew=False) for path in (there, nowhere))
                assert (after, after.tells_of(theirs, at=there)) == (lost, []), (address.name, method)

    assert (written(), seen_of(theirs.person)) == (before, told)
    refused = AccessLogEntry.objects.filter(subject=theirs.person.key, outcome="refused")
    assert set(refused.values_list("action", flat=True)) == {"login.switch"}


# --- Those who may do something else


@pytest.mark.parametrize("scope", list(Scope))
def test_representative_opens_what_the_scope_covers_and_nothing_else(family, giver, opened, scope):
    family.power("attorney_giver", "attorney", scope)
    walker = citizen(family, "attorney", for_="attorney_giver")
    covered = {f"{PART[scope]}:{name}" for name in OPEN[scope]}
    before, wrongly, let_in = written(), [], set()

    for address in FOR_CITIZENS:
        for method, there, nowhere in steps(address, giver.opening(opened.get(address.name, ()))):
            if address.name in covered:
                found = walker.tries("get", there, address)
                let_in |= {address.name} if found.status == HTTPStatus.OK else set()
                continue
            found, lost = walker.tries(method, there, address), walker.tries(method, nowhere, address)
            if found != lost or found.status not in GONE:
                wrongly.append((address.name, method, found.status, lost.status))

    assert wrongly == []
    assert written() == before
    assert let_in == covered - {"insight:file"}  # a copy is fetched by the one who ordered it


@pytest.mark.parametrize("scope", list(Scope))
def test_pages_of_one_scope_say_nothing_of_the_other(family, giver, opened, scope):
    family.power("attorney_giver", "attorney", scope)
    walker = citizen(family, "attorney", for_="attorney_giver")
    others = [mark for mark in giver.marks if mark.startswith("KPR-")] if scope is Scope.INSIGHT else [WORD]
    words, looks = [*others, "Du har reservert", "reservert seg"] if scope is Scope.INSIGHT else others, 0

    for address in every_address():
        if address.name.partition(":")[0] != PART[scope] or address.name in PUBLIC:
            continue
        for method, path, _nowhere in steps(address, giver.opening(opened.get(address.name, ()))):
            if method == "get":
                said = walker.tries(method, path, address).raw
                assert [word for word in words if word in said] == [], path
                looks += 1

    assert looks > 5


# --- Those who are not signed in as citizens


def test_anonymous_is_sent_to_sign_in_whether_or_not_it_exists(giver, opened):
    walker = Walker(Client())
    before = written()

    for address in WALKED:
        for method, there, nowhere in steps(address, giver.opening(opened.get(address.name, ()))):
            found, lost = walker.tries(method, there, address), walker.tries(method, nowhere, address)
            assert (found.status, urlsplit(found.leads_to).path.startswith(SIGN_IN)) == (302, True), address
            assert found == lost, address.name

    assert written() == before


def staff(family, slug, *roles):
    client = Client()
    sign_in(client, family.person(slug), staff=True, roles=roles)
    return Walker(client)


def test_staff_meet_the_same_page_wherever_citizens_go(family, giver, opened):
    walker = staff(family, "caseworker", Role.CASEWORKER, Role.APPROVER, Role.RELEASE_OFFICER, Role.AUDITOR)
    before, told = written(), seen_of(giver.person)

    for address in FOR_CITIZENS:
        for method, there, nowhere in steps(address, giver.opening(opened.get(address.name, ()))):
            found = walker.tries(method, there, address)
            assert (found.status, found.tells_of(giver, at=there)) == (403, []), address.name
            assert found == walker.tries(method, nowhere, address), address.name

    assert (written(), seen_of(giver.person)) == (before, told)


def test_staff_without_the_role_meet_the_same_page_at_every_address_of_the_role(family, giver, opened):
    walker = staff(family, "auditor", Role.AUDITOR)
    before = written()

    for address in FOR_STAFF:
        for method, there, nowhere in steps(address, giver.opening(opened.get(address.name, ()))):
            found = walker.tries(method, there, address)
            assert (found.status, found.tells_of(giver, at=there)) == (403, []), address.name
            assert found == walker.tries(method, nowhere, address), address.name

    assert len(FOR_STAFF) > 1
    assert written() == before


def test_citizen_meets_the_same_page_at_every_address_of_staff(family, giver, opened):
    walker = citizen(family, "nothing_held")
    before = written()

    for address in FOR_STAFF:
        for method, there, nowhere in steps(address, giver.opening(opened.get(address.name, ()))):
            found = walker.tries(method, there, address)
            assert (found.status, found.tells_of(giver, at=there)) == (403, []), address.name
            assert found == walker.tries(method, nowhere, address), address.name

    assert written() == before


def test_staff_whose_role_has_ended_is_sent_to_sign_in(family, giver):
    for address in WALKED:
        walker = staff(family, "caseworker_2", Role.CASEWORKER)
        for role in current_roles(family.person("caseworker_2")):
            end_role(role, ended_by=None, reason="sluttet")
        for path in address.paths(giver.keys["receipt"])[:1]:
            found = walker.tries("get", path, address)
            assert (found.status, urlsplit(found.leads_to).path.startswith(SIGN_IN)) == (302, True), address
