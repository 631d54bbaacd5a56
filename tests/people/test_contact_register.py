"""The contact register: what goes in comes out, sealed meanwhile; and when an address may be used."""

from dataclasses import fields, replace
from datetime import date

import pytest
from django.db import connection

from kpr_portal.people.contact_register import Contact, ContactStatus, contact_register, months_before
from kpr_portal.people.contact_rows import ContactEntry
from kpr_portal.people.embedded_contacts import EmbeddedContactRegister
from kpr_portal.people.rotation import seal_register_anew
from tests.support.numbers import synthetic_numbers

ONE, OTHER, NOBODY = synthetic_numbers(3)
FULL = Contact(
    number=ONE,
    status=ContactStatus.ACTIVE,
    email="rolig.fjell@example.com",
    email_updated=date(2024, 1, 31),
    email_verified=date(2026, 2, 28),
    mobile="+4700000000",
    mobile_updated=date(2024, 2, 1),
    mobile_verified=date(2026, 3, 1),
    digital_reserved=True,
    language="nn",
)
PLAIN = Contact(number=OTHER, status=ContactStatus.NOT_REGISTERED)


@pytest.fixture
def contacts(db):
    return EmbeddedContactRegister()


def test_everything_told_comes_back(contacts):
    assert contacts.put_many([FULL, PLAIN]) == 2

    assert [contacts.contact(number) for number in (ONE, OTHER, NOBODY)] == [FULL, PLAIN, None]
    assert contacts.contacts([ONE, OTHER, NOBODY, ONE]) == {ONE: FULL, OTHER: PLAIN}
    assert [field.name for field in fields(FULL) if not getattr(FULL, field.name)] == []


def test_entering_again_replaces(contacts):
    contacts.put_many([FULL])
    changed = replace(FULL, email="ny@example.com")
    contacts.put_many([changed])

    assert (contacts.contact(ONE), contacts.count()) == (changed, 1)


def test_table_tells_of_nobody_without_the_keys(contacts):
    contacts.put_many([FULL])

    with connection.cursor() as cursor:
        cursor.execute("SELECT fingerprint, document FROM vault.vault_contact_entry")
        ((fingerprint, document),) = cursor.fetchall()
    stored = bytes(fingerprint) + bytes(document)
    assert len(stored) > 100
    hidden = (b"rolig", b"example", b"+47", ONE.digits.encode(), b"AKTIV")
    assert [text for text in hidden if text in stored] == []
    assert repr(FULL) == "Contact(******)"


def test_many_are_asked_for_in_one_query(contacts, django_assert_num_queries):
    contacts.put_many([FULL, PLAIN])

    with django_assert_num_queries(1):
        assert len(contacts.contacts([ONE, OTHER, NOBODY])) == 2


def test_change_of_keys_keeps_everyone_and_stands_in_no_second_row(contacts, use_keys, generation):
    old, new = generation(), generation()
    use_keys(old)
    contacts.put_many([FULL, PLAIN])
    use_keys(new, old)
    contacts.put_many([PLAIN])

    assert (seal_register_anew(), seal_register_anew()) == (1, 0)

    use_keys(new)
    assert contacts.contacts([ONE, OTHER]) == {ONE: FULL, OTHER: PLAIN}
    assert ContactEntry.objects.count() == 2


def test_setting_names_the_register_in_use():
    assert type(contact_register()) is EmbeddedContactRegister


@pytest.mark.parametrize(
    ("updated", "verified", "fresh"),
    [
        (date(2025, 5, 21), None, True),  # 18 months to the day
        (date(2025, 5, 20), None, False),
        (date(2020, 1, 1), date(2025, 5, 21), True),
        (date(2025, 5, 21), date(2020, 1, 1), True),
        (date(2020, 1, 1), date(2025, 5, 20), False),
        (None, date(2026, 11, 21), True),
        (None, None, False),
    ],
)
def test_address_counts_for_18_months_after_it_was_changed_or_confirmed(updated, verified, fresh):
    contact = Contact(number=ONE, email="a@example.com", email_updated=updated, email_verified=verified)

    assert contact.email_is_fresh(date(2026, 11, 21)) is fresh


@pytest.mark.parametrize(
    ("status", "email", "has"),
    [
        (ContactStatus.ACTIVE, "a@example.com", True),
        (ContactStatus.ACTIVE, "", False),
        (ContactStatus.DELETED, "a@example.com", False),
        (ContactStatus.NOT_REGISTERED, "a@example.com", False),
    ],
)
def test_address_counts_in_an_entry_in_use_alone(status, email, has):
    assert Contact(number=ONE, status=status, email=email).has_email is has


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 21), 18, date(2025, 5, 21)),
        (date(2026, 8, 31), 18, date(2025, 2, 28)),
        (date(2025, 8, 31), 18, date(2024, 2, 29)),
        (date(2026, 6, 30), 18, date(2024, 12, 30)),
        (date(2026, 1, 1), 1, date(2025, 12, 1)),
    ],
)
def test_months_before_keep_the_day_or_end_with_the_month(day, months, before):
    assert months_before(day, months) == before
