"""What the register's owner has decided, read from the settings."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from reservations.law import law
from reservations.rules import LawSettings, LegalDecision


def test_defaults_are_those_of_the_rules(settings):
    settings.LAW_DELIVERY_DECISIONS = {}

    assert law() == LawSettings()


def test_decisions_are_read_from_the_settings(settings):
    settings.LAW_LINKAGE_EXCEPTION = {"provision": "§ 2-2", "reference": "notat 1"}
    settings.LAW_DELIVERY_DECISIONS = {"§ 10": {"reference": "notat 2", "exempt_kinds": ["purpose_2"]}}
    settings.LAW_KJERNEJOURNAL_EXEMPT_KINDS = ["withhold_national_id"]
    settings.LAW_OWN_LIFT_ENDS_PARENTS_FROM_AGE = 12

    assert law() == LawSettings(
        kjernejournal_exempt_kinds=frozenset({"withhold_national_id"}),
        linkage_exception=LegalDecision("§ 2-2", "notat 1"),
        delivery_decisions={"§ 10": LegalDecision("§ 10", "notat 2", frozenset({"purpose_2"}))},
        own_lift_ends_parents_from_age=12,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LAW_LINKAGE_EXCEPTION", {"provision": "§ 2-2"}),
        ("LAW_LINKAGE_EXCEPTION", {"provision": "§ 2-2", "reference": ""}),
        ("LAW_DELIVERY_DECISIONS", {"§ 10": {}}),
        ("LAW_DELIVERY_DECISIONS", {"§ 10": {"reference": "notat", "exempt_kinds": ["no_such"]}}),
        ("LAW_KJERNEJOURNAL_EXEMPT_KINDS", ["no_such"]),
    ],
)
def test_decision_that_is_not_whole_stops_with_a_sentence(settings, name, value):
    setattr(settings, name, value)

    with pytest.raises(ImproperlyConfigured, match=r"docs/settings\.md"):
        law()
