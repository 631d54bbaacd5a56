"""The effect matrix, walked whole: every purpose, recipient, identifier, linkage, statute and decision."""

from itertools import combinations, product

import pytest

from reservations.rules import (
    DEFAULT_LAW,
    Effect,
    ForbiddenUse,
    Identifier,
    LawSettings,
    LegalDecision,
    Purpose,
    RecipientKind,
    ReleaseTerms,
    ReservationKind,
    Ruling,
    Standing,
    TermsNotOpen,
    decide,
    effective_kinds,
    rule_on,
)

R1 = ReservationKind(
    code="r1",
    legal_basis="§ 2-2 andre ledd andre punktum",
    effect=Effect.WITHHOLD_IDENTIFIERS,
    applies=lambda terms: bool(terms.identifiers),
    yields_to_linkage=True,
)
R2 = ReservationKind(
    code="r2",
    legal_basis="§ 2-2 andre ledd første punktum",
    effect=Effect.WITHHOLD_PERSON,
    applies=lambda terms: terms.purpose is Purpose.TWO,
    yields_to_linkage=True,
)
NONE, ONLY_R1, ONLY_R2, BOTH = (), (R1,), (R2,), (R1, R2)

PROJECT = RecipientKind("project")
REGISTER = RecipientKind("register", is_other_register=True)
KJERNEJOURNAL = RecipientKind("kjernejournal", is_kjernejournal=True)
INSURER = RecipientKind("insurer", forbidden_use=ForbiddenUse.INSURANCE)
RECIPIENTS = (PROJECT, REGISTER, KJERNEJOURNAL, INSURER)

STATISTICS_ACT = "statistikkloven § 10"
NO_IDENTIFIERS = frozenset()
ANY_IDENTIFIERS = [
    frozenset(chosen) for size in range(len(Identifier) + 1) for chosen in combinations(Identifier, size)
]

ALL_TERMS = [
    ReleaseTerms(
        purpose=purpose,
        recipient=recipient,
        identifiers=identifiers,
        uses=uses,
        linkage=linkage,
        statute=statute,
        with_consent=consent,
        anonymous=anonymous,
    )
    for purpose, recipient, identifiers, uses, linkage, statute, consent, anonymous in product(
        Purpose,
        RECIPIENTS,
        ANY_IDENTIFIERS,
        (frozenset(), frozenset({ForbiddenUse.PROSECUTION})),
        (False, True),
        ("", STATISTICS_ACT),
        (False, True),
        (False, True),
    )
    if not (anonymous and identifiers)
]

DECISION = LegalDecision(STATISTICS_ACT, "note 1")
LAWS = {
    "default": DEFAULT_LAW,
    "linkage decided": LawSettings(linkage_exception=LegalDecision("§ 2-2 tredje punktum", "note 2")),
    "statute decided": LawSettings(delivery_decisions={STATISTICS_ACT: DECISION}),
    "statute passes r1": LawSettings(
        delivery_decisions={STATISTICS_ACT: LegalDecision(STATISTICS_ACT, "note 3", frozenset({"r1"}))}
    ),
    "kjernejournal passes r2": LawSettings(kjernejournal_exempt_kinds=frozenset({"r2"})),
}


@pytest.mark.parametrize(
    ("purpose", "identifiers", "expected"),
    [
        # in the order: none, R1, R2, both (domain.md 1.3)
        (Purpose.ONE, {Identifier.NATIONAL_ID}, (0, 1, 0, 1)),
        (Purpose.ONE, set(), (0, 0, 0, 0)),
        (Purpose.TWO, {Identifier.NATIONAL_ID}, (0, 1, 2, 2)),
        (Purpose.TWO, set(), (0, 0, 2, 2)),
    ],
)
def test_effect_matrix_of_the_regulation(purpose, identifiers, expected):
    terms = ReleaseTerms(purpose=purpose, recipient=PROJECT, identifiers=frozenset(identifiers))

    assert tuple(decide(held, terms) for held in (NONE, ONLY_R1, ONLY_R2, BOTH)) == tuple(
        map(Effect, expected)
    )


@pytest.mark.parametrize("identifier", Identifier)
def test_any_direct_identifier_counts_as_the_number_does(identifier):
    terms = ReleaseTerms(purpose=Purpose.ONE, recipient=PROJECT, identifiers=frozenset({identifier}))

    assert decide(ONLY_R1, terms) == Effect.WITHHOLD_IDENTIFIERS


def expected_standing(terms, law):
    """The standing written out the long way round, as the oracle of the walk."""
    if terms.uses or terms.recipient is INSURER:
        return Standing.FORBIDDEN
    if terms.statute:
        return Standing.OPEN if law.delivery_decisions else Standing.NOT_DECIDED
    return Standing.NOT_DECIDED if terms.recipient is REGISTER else Standing.OPEN


def expected_effect(held, terms, law_name):
    """The effect written out the long way round."""
    r1 = R1 in held and len(terms.identifiers) > 0
    r2 = R2 in held and terms.purpose == 2
    if terms.anonymous or (law_name == "linkage decided" and terms.linkage):
        r1 = r2 = False
    if law_name == "statute passes r1" and terms.statute:
        r1 = False
    if law_name == "kjernejournal passes r2" and terms.recipient is KJERNEJOURNAL:
        r2 = False
    if r2:
        return Effect.WITHHOLD_PERSON
    return Effect.WITHHOLD_IDENTIFIERS if r1 else Effect.RELEASE


@pytest.mark.parametrize("law_name", LAWS)
def test_every_release_over_the_whole_table(law_name):
    law = LAWS[law_name]
    for terms in ALL_TERMS:
        standing = rule_on(terms, law=law).standing
        assert standing == expected_standing(terms, law), terms
        for held in (NONE, ONLY_R1, ONLY_R2, BOTH):
            if standing is Standing.OPEN:
                assert decide(held, terms, law=law) == expected_effect(held, terms, law_name), (terms, held)
            else:
                with pytest.raises(TermsNotOpen):
                    decide(held, terms, law=law)


def test_consent_opens_nothing():
    with_consent = [terms for terms in ALL_TERMS if terms.with_consent]
    without = [ReleaseTerms(**{**vars(terms), "with_consent": False}) for terms in with_consent]

    assert [rule_on(terms) for terms in with_consent] == [rule_on(terms) for terms in without]


def test_forbidden_use_shuts_an_otherwise_welcome_recipient():
    terms = ReleaseTerms(purpose=Purpose.ONE, recipient=PROJECT, uses=frozenset({ForbiddenUse.EMPLOYER}))

    assert rule_on(terms) == Ruling(Standing.FORBIDDEN, "helseregisterloven § 19 d")


def test_forbidden_recipient_is_not_opened_by_a_decision_on_statute():
    terms = ReleaseTerms(purpose=Purpose.ONE, recipient=INSURER, statute=STATISTICS_ACT)

    assert rule_on(terms, law=LAWS["statute decided"]).standing == Standing.FORBIDDEN


def test_undecided_delivery_names_the_provision_that_is_missing():
    terms = ReleaseTerms(purpose=Purpose.ONE, recipient=PROJECT, statute=STATISTICS_ACT)

    with pytest.raises(TermsNotOpen) as refused:
        decide(NONE, terms)

    assert refused.value.ruling == Ruling(Standing.NOT_DECIDED, STATISTICS_ACT)


def test_decided_delivery_still_removes_identifiers_unless_it_says_otherwise():
    terms = ReleaseTerms(
        purpose=Purpose.ONE, recipient=REGISTER, identifiers=frozenset(Identifier), statute=STATISTICS_ACT
    )

    assert decide(ONLY_R1, terms, law=LAWS["statute decided"]) == Effect.WITHHOLD_IDENTIFIERS
    assert decide(ONLY_R1, terms, law=LAWS["statute passes r1"]) == Effect.RELEASE


def test_a_kind_of_another_provision_does_not_yield_to_linkage():
    other = ReservationKind("other", "§ X", Effect.WITHHOLD_PERSON, lambda terms: True)
    terms = ReleaseTerms(purpose=Purpose.TWO, recipient=PROJECT, linkage=True)

    assert effective_kinds((R2, other), terms, law=LAWS["linkage decided"]) == (other,)


@pytest.mark.parametrize(("provision", "reference"), [("", "note"), ("§ 10", "")])
def test_decision_without_provision_or_reference_is_refused(provision, reference):
    with pytest.raises(ValueError, match="names its provision"):
        LegalDecision(provision, reference)


def test_anonymous_terms_with_identifiers_are_refused():
    with pytest.raises(ValueError, match="Anonymous"):
        ReleaseTerms(
            purpose=Purpose.ONE, recipient=PROJECT, identifiers=frozenset({Identifier.NAME}), anonymous=True
        )
