"""What is typed is ciphertext in the queue's server, for a time, and opens with the cookie alone."""

import json
import logging
from base64 import b64encode, urlsafe_b64encode
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as portal
from django.db import connection

from kpr_portal.ground import clock
from reservations.postal import kept
from reservations.postal.answers import FormAnswers, Named
from reservations.postal.kept import FormKey, Gone, Unreachable
from reservations.postal.kinds import RESERVATION
from reservations.postal.steps import Draft, Step
from tests.reservations.postal.filling import (
    CHILD,
    LANGUAGE,
    MOTHER,
    NAME,
    PERSON,
    RESERVE,
    SIGNER,
    Visitor,
    ordered,
    work,
)

TYPED = (NAME, SIGNER, "Nebbdyr", CHILD.digits, MOTHER.digits, f"{CHILD.digits[:6]} {CHILD.digits[6:]}")


@pytest.fixture
def draft():
    answers = FormAnswers(RESERVATION.kind, "self", "nb", person=Named(NAME, CHILD.digits))
    return Draft(answers, frozenset({Step.PERSON}))


@pytest.fixture
def key(draft, line):
    key = FormKey.new()
    kept.begin(key, draft)
    yield key
    kept.forget(key)


def memory():
    """Everything the queue's server holds: each name, and each value as bytes."""
    client = kept.server()
    readers = {
        b"string": lambda name: [client.get(name)],
        b"hash": lambda name: [part for pair in client.hgetall(name).items() for part in pair],
        b"list": lambda name: client.lrange(name, 0, -1),
        b"set": lambda name: list(client.smembers(name)),
        b"zset": lambda name: client.zrange(name, 0, -1),
    }
    return b"\n".join(
        part for name in client.scan_iter() for part in [name, *readers[client.type(name)](name)]
    )


# --- The key


def test_cookie_is_all_and_everything_follows_from_it():
    key = FormKey.new()
    again = FormKey.read(key.text)

    assert again is not None
    assert (again.id, again.mark, again.secret) == (key.id, key.mark, key.secret)
    assert len({key.id, key.mark, FormKey.new().id, FormKey.new().mark}) == 4
    assert (repr(key), f"{key}") == ("FormKey(******)", "FormKey(******)")


@pytest.mark.parametrize(
    "cookie",
    [None, "", "x", "é" * 44, "=" * 44, urlsafe_b64encode(b"a" * 31).decode(), "a" * 10_000],
    ids=ascii,
)
def test_cookie_that_is_no_key_opens_nothing(cookie):
    assert FormKey.read(cookie) is None


def test_name_on_the_server_tells_neither_the_key_nor_opens_it(key):
    assert key.secret not in memory()
    assert key.text.encode() not in memory()
    with pytest.raises(Gone):
        kept.read(FormKey(key.id.encode()))


@pytest.mark.parametrize("change", ["what", "form", "byte", "cut"])
def test_ciphertext_opens_as_what_it_is_in_its_own_form_unchanged(change):
    key, other = FormKey.new(), FormKey.new()
    sealed = key.seal(b"typed", what="draft")
    assert key.open(sealed, what="draft") == b"typed"
    changed = {"byte": sealed[:-1] + bytes([sealed[-1] ^ 1]), "cut": sealed[:5]}.get(change, sealed)

    with pytest.raises(Gone):
        (other if change == "form" else key).open(changed, what="pdf" if change == "what" else "draft")


def test_same_answers_are_never_the_same_ciphertext(draft):
    key = FormKey.new()

    assert len({key.seal(draft.to_json(), what="draft") for _ in range(5)}) == 5


# --- The time


def test_draft_is_there_for_an_hour_after_the_last_page(key, draft):
    with clock.shift(timedelta(minutes=59)):
        assert kept.read(key).draft == draft
        kept.renew(key)
    with clock.shift(timedelta(minutes=118)):
        assert kept.read(key).draft == draft
    with clock.shift(timedelta(minutes=119)), pytest.raises(Gone):
        kept.read(key)
    assert key.id.encode() not in memory()


@pytest.mark.parametrize("written", ["begin", "keep", "renew"])
def test_server_itself_forgets_after_the_hour_too(key, draft, written):
    {"begin": lambda: None, "keep": lambda: kept.keep(key, draft), "renew": lambda: kept.renew(key)}[
        written
    ]()

    assert 3595 <= kept.server().ttl(kept.name_of(key.id)) <= 3600


def test_setting_says_how_long(line, draft, settings):
    settings.POSTAL_FORM_MINUTES = 5
    key = FormKey.new()
    kept.begin(key, draft)

    assert 295 <= kept.server().ttl(kept.name_of(key.id)) <= 300
    with clock.shift(timedelta(minutes=5)), pytest.raises(Gone):
        kept.read(key)


@pytest.mark.parametrize("by", ["renew", "keep"])
def test_no_page_and_no_answer_keeps_a_form_longer_than_the_most(key, draft, by, settings):
    settings.POSTAL_FORM_MOST_HOURS = 2
    goes_on = {"renew": lambda: kept.renew(key), "keep": lambda: kept.keep(key, draft)}[by]
    for minutes in (50, 100):
        with clock.shift(timedelta(minutes=minutes)):
            goes_on()

    with clock.shift(timedelta(minutes=119)):
        goes_on()
        assert kept.read(key).draft == draft
        assert 55 <= kept.server().ttl(kept.name_of(key.id)) <= 61
    with clock.shift(timedelta(minutes=120)), pytest.raises(Gone):
        kept.read(key)


def test_answer_that_comes_after_the_most_is_not_kept(key, draft):
    with clock.shift(timedelta(hours=5)):
        kept.keep(key, draft)
        with pytest.raises(Gone):
            kept.read(key)
    assert key.id.encode() not in memory()


def test_what_is_gone_is_not_made_again_by_a_page_that_comes_late(key, draft):
    kept.forget(key)

    with pytest.raises(Gone):
        kept.keep(key, draft)
    kept.renew(key)
    with pytest.raises(Gone):
        kept.fetch(key)
    assert key.id.encode() not in memory()


@pytest.mark.parametrize("change", [{"basis": "neighbour"}, {"kind": 99}, {"new": 1}, {"born": "x"}])
def test_draft_of_another_version_of_the_portal_is_gone_and_says_nothing(key, draft, change, caplog):
    plain = json.loads(draft.to_json())
    plain["answers"] |= change
    kept.server().hset(kept.name_of(key.id), "draft", key.seal(json.dumps(plain).encode(), what="draft"))

    with pytest.raises(Gone):
        kept.read(key)
    assert ("form_not_read" in caplog.text, "Nebbdyr" in caplog.text) == (True, False)


def test_server_that_is_away_is_told_apart_from_a_form_that_is_gone(settings, draft):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    for ask in (lambda key: kept.begin(key, draft), kept.read, kept.renew, kept.fetch, kept.forget):
        with pytest.raises(Unreachable):
            ask(FormKey.new())


# --- Nothing that was typed is anywhere else


def every_row():
    """All that stands in every table, as text."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables"
            " WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} t")
            found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)


def every_file(*folders):
    """The content of every file that can be read below these folders."""
    for folder in folders:
        for path in Path(folder).rglob("*"):
            if path.is_file():
                try:
                    yield path, path.read_bytes()
                except OSError:  # gone meanwhile, or of another kind
                    continue


def written_as(text):
    """The ways in which a text may stand somewhere."""
    return {
        text.encode(),
        text.encode("utf-16-le"),
        b64encode(text.encode())[:-4],
        ascii(text)[1:-1].encode(),
    }


@pytest.mark.django_db
def test_nothing_that_was_typed_is_in_database_queue_disk_or_log(visitor, caplog):
    """The person and who signs are really typed, ordered, made and fetched; then everything is searched.

    Of PostgreSQL the rows are read, and they are all that it has.
    """
    caplog.set_level(logging.DEBUG)
    visitor.begins("reservasjon", "fullmakt")
    visitor.answers("valg", **RESERVE)
    visitor.answers("hvem", name="<Nebbdyr>", number=CHILD.digits)
    visitor.answers("hvem", **PERSON)
    visitor.answers("underskrift", name=SIGNER, number=MOTHER.digits)
    visitor.answers("sprak", **LANGUAGE)
    visitor.orders()
    in_the_queue = memory()
    assert work() == 1
    after = memory()
    assert NAME in visitor.client.get("/skjema/oppsummering/").content.decode().replace("&#x27;", "'")
    assert visitor.fetches().content.startswith(b"%PDF-")

    rows = every_row().encode()
    logs = caplog.text.encode()
    servers = Path(kept.server().config_get("dir")["dir"]).parent
    disk = [(path, content) for path, content in every_file(servers) if "postgres" not in path.parts]
    for typed in TYPED:
        for written in written_as(typed):
            assert written not in in_the_queue
            assert written not in after
            assert written not in rows
            assert written not in logs
            assert [path for path, content in disk if written in content] == []
    for secret in (visitor.key.secret, visitor.cookie.encode(), visitor.key.secret.hex().encode()):
        for place in (in_the_queue, after, rows, logs):
            assert secret not in place


@pytest.mark.django_db
def test_search_finds_what_is_there(visitor, caplog):
    """So that the test above cannot pass by looking nowhere."""
    kept.server().set("kpr:form:test", NAME)
    logging.getLogger("x").warning(NAME)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE seen (name text)")
        cursor.execute("INSERT INTO seen VALUES (%s)", [NAME])

    found = (NAME.encode() in memory(), NAME in caplog.text, NAME in every_row())
    kept.server().delete("kpr:form:test")

    assert found == (True, True, True)


@pytest.mark.django_db
def test_no_table_is_written_to_by_anybody_who_has_not_signed_in(visitor):
    def counted():
        return {
            model._meta.label: model._base_manager.count()
            for model in apps.get_models()
            if model._meta.managed
        }

    before = counted()
    visitor.fills_in().orders()
    work()
    visitor.fetches()
    visitor.deletes()

    assert counted() == before
    assert portal.SESSION_COOKIE_NAME not in visitor.client.cookies


@pytest.mark.django_db
def test_order_carries_the_key_sealed_and_nothing_of_the_form(visitor):
    visitor.fills_in().orders()

    (order,) = ordered()

    assert set(order) == {"form", "key", "order"}
    assert order["form"] == visitor.key.id
    assert visitor.cookie not in str(order)
    assert visitor.key.secret.hex() not in str(order)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/skjema/ferdig/", "/skjema/oppsummering/", "/skjema/utfylling/hvem/"])
def test_address_alone_opens_nothing(client, visitor, path):
    visitor.fills_in()
    there = Visitor()

    assert client.get(path, follow=True).status_code == 200
    elsewhere = there.client.get(path)

    assert (elsewhere.status_code, "Nebbdyr" in elsewhere.content.decode()) == (404, False)
