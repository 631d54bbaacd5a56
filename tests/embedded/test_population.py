"""The synthetic people: who they are, that they hang together, and how they are loaded."""

import json
from collections import Counter
from datetime import date, timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command

from kpr_portal.embedded.population import NAMED, load, people, write_sign_in_list
from kpr_portal.embedded.population_circles import WARDS, ward_numbers
from kpr_portal.embedded.population_lists import ADJECTIVES, AGES, MUNICIPALITIES, NOUNS
from kpr_portal.embedded.population_named import BY_SLUG, OLD_NUMBER, number_of
from kpr_portal.ground import clock
from kpr_portal.people.basis import Basis, Scope
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister, numbers_held_by
from kpr_portal.people.impartiality.rules import Nearness, nearness
from kpr_portal.people.models import Person
from kpr_portal.people.national_id import Kind, Series
from kpr_portal.people.operations import person_for
from kpr_portal.people.population_register import Area, Protection, ResponsibilityKind
from kpr_portal.people.queries import find_person, numbers_of, roles_of
from kpr_portal.people.representation.from_register import refresh_from_register
from kpr_portal.people.representation.queries import choices_for
from kpr_portal.people.representation.rights import areas_in_register

TODAY = date(2026, 11, 21)
SIZE = 3_000


@pytest.fixture(scope="module")
def crowd():
    return list(people(seed=1, size=SIZE, today=TODAY))


@pytest.fixture(scope="module")
def by_number(crowd):
    return {person.number: person for person in crowd}


class TestCrowd:
    def test_one_seed_makes_the_same_people(self, crowd):
        assert list(people(seed=1, size=SIZE, today=TODAY)) == crowd
        assert [person.name for person in people(seed=2, size=SIZE, today=TODAY)] != [
            one.name for one in crowd
        ]

    def test_there_are_as_many_as_asked_for(self, crowd):
        assert len(crowd) == SIZE

    def test_every_number_is_synthetic_and_held_once(self, crowd):
        numbers = [number for person in crowd for number in numbers_held_by(person)]

        assert len(set(numbers)) == len(numbers)
        assert {number.series for number in numbers} == {Series.PLUS_80}
        assert {number.kind for number in numbers} == {Kind.FNR, Kind.DNR}

    def test_names_are_an_adjective_and_a_noun(self, crowd):
        crowd_names = [person.name.split() for person in crowd[len(NAMED) :]]

        assert {(first in ADJECTIVES, last in NOUNS) for first, last in crowd_names} == {(True, True)}

    def test_ages_follow_norway(self, crowd):
        counts = Counter(min(person.age_on(TODAY) // 5 * 5, 95) for person in crowd)

        whole = sum(weight for _youngest, weight in AGES)
        off = {
            youngest: (counts[youngest], SIZE * weight / whole)
            for youngest, weight in AGES
            if abs(counts[youngest] - SIZE * weight / whole) > 5 * (SIZE * weight / whole) ** 0.5 + 5
        }
        assert off == {}

    def test_every_case_is_there(self, crowd):
        there = {
            "confidential": any(p.protection is Protection.CONFIDENTIAL for p in crowd),
            "strictly confidential": any(p.protection is Protection.STRICTLY_CONFIDENTIAL for p in crowd),
            "dead": sum(p.is_dead for p in crowd) > 20,
            "emigrated": sum(p.emigrated is not None for p in crowd) > 5,
            "D-number": sum(p.number.kind is Kind.DNR for p in crowd) > 20,
            "changed number": sum(bool(p.numbers) for p in crowd) > 10,
            "former spouse": any(m.until for p in crowd for m in p.spouses),
            "spouse": any(m.until is None for p in crowd for m in p.spouses),
            "future power": any(p.future_powers for p in crowd),
            "siblings": any(p.siblings for p in crowd),
        }

        assert [case for case, found in there.items() if not found] == []
        assert {r.kind for p in crowd for r in p.parental_responsibility} >= {
            ResponsibilityKind.SHARED,
            ResponsibilityKind.MOTHER,
            ResponsibilityKind.FATHER,
            ResponsibilityKind.OTHERS,
        }
        assert {area for p in crowd for g in p.guardianships for area in g.areas} == set(Area)
        assert {p.language for p in crowd} == {"nb", "nn", "en", "se"}
        assert {p.municipality for p in crowd} == {"", *(place[0] for place in MUNICIPALITIES)}

    def test_families_hang_together(self, crowd, by_number):
        for person in crowd:
            for parent in map(by_number.__getitem__, person.parents):
                assert person.number in parent.children
                assert parent.age_on(TODAY) >= person.age_on(TODAY) + 16
            for child in map(by_number.__getitem__, person.children):
                assert person.number in child.parents
            for sibling in map(by_number.__getitem__, person.siblings):
                assert set(sibling.parents) & set(person.parents)
                assert person.number in sibling.siblings
            for marriage in person.spouses:
                back = [m for m in by_number[marriage.spouse].spouses if m.spouse == person.number]
                assert [(m.since, m.until) for m in back] == [(marriage.since, marriage.until)]
                assert marriage.since <= (marriage.until or TODAY) <= TODAY

    def test_mandates_stand_with_both(self, crowd, by_number):
        for person in crowd:
            for held in person.parental_responsibility:
                assert person.number in {held.holder, held.child}
                assert held in by_number[held.holder].parental_responsibility
                assert held in by_number[held.child].parental_responsibility
                assert by_number[held.child].age_on(TODAY) < 18
            for mandate in person.guardianships:
                assert mandate in by_number[mandate.guardian].guardianships
                assert mandate in by_number[mandate.ward].guardianships
                assert mandate.guardian != mandate.ward
            for power in person.future_powers:
                assert power in by_number[power.holder].future_powers
                assert power in by_number[power.giver].future_powers

    def test_the_strictly_protected_live_nowhere(self, crowd):
        protected = [p for p in crowd if p.protection is Protection.STRICTLY_CONFIDENTIAL]

        assert {(p.municipality, p.district, p.address.lines) for p in protected} == {
            ("", "", ("Postboks 100",))
        }

    def test_more_people_than_named_are_never_fewer(self):
        first = len(NAMED) - 1 + WARDS  # one of the named nobody knows

        assert len(list(people(seed=1, size=3, today=TODAY))) == first


class TestNamed:
    def test_numbers_stay_what_they_are(self):
        numbers = {OLD_NUMBER, *(named.number for named in NAMED), *ward_numbers()}

        assert len(numbers) == 1 + len(NAMED) + WARDS
        assert (number_of("parent").digits, number_of("caseworker").digits) == ("23868111887", "07878421382")
        assert (ward_numbers()[0].digits, ward_numbers()[-1].digits) == (
            "09843218080",
            "24849005711",
        )

    @pytest.mark.parametrize("today", [date(2026, 11, 21), date(2028, 2, 29), date(2031, 1, 1)])
    def test_ages_count_from_the_day_of_loading(self, today):
        found = {person.number: person for person in people(seed=1, size=0, today=today)}

        ages = {
            slug: found[number_of(slug)].age_on(today)
            for slug in ("child_8", "protected_child", "child_13", "child_14", "child_16", "newly_16")
        }
        assert ages == {
            "child_8": 8,
            "protected_child": 9,
            "child_13": 13,
            "child_14": 14,
            "child_16": 16,
            "newly_16": 16,
        }
        assert found[number_of("newly_16")].age_on(today - timedelta(days=4)) == 15

    def test_each_shows_its_case(self, by_number):
        one = {slug: by_number.get(named.number) for slug, named in BY_SLUG.items()}

        assert [slug for slug, person in one.items() if person is None] == ["unknown"]
        assert len(one["parent"].children) == 3
        assert {r.holder for r in one["child_8"].parental_responsibility} == {
            number_of("parent"),
            number_of("other_parent"),
        }
        assert (
            len({one[slug].address for slug in ("parent", "other_parent", "child_8", "child_13", "child_16")})
            == 1
        )
        assert one["guardian_personal"].guardianships[0].areas == {Area.PERSONAL}
        assert one["guardian_economic"].guardianships[0].areas == {Area.ECONOMIC}
        assert one["future_power_holder"].future_powers[0].giver == number_of("future_power_giver")
        assert one["strictly_protected"].protection is Protection.STRICTLY_CONFIDENTIAL
        assert one["confidential"].protection is Protection.CONFIDENTIAL
        assert one["d_number"].number.kind is Kind.DNR
        assert [period.number for period in one["changed_number"].numbers] == [
            number_of("changed_number"),
            OLD_NUMBER,
        ]
        assert (one["dead"].is_dead, one["emigrated"].emigrated is not None) == (True, True)

    def test_only_one_parent_of_the_protected_child_is_protected_and_at_the_childs_address(self, by_number):
        child, here, elsewhere = (
            by_number[number_of(slug)] for slug in ("protected_child", "protected_parent", "parent_elsewhere")
        )

        assert [one.protection for one in (child, here, elsewhere)] == [
            Protection.CONFIDENTIAL,
            Protection.CONFIDENTIAL,
            Protection.NONE,
        ]
        assert (here.address == child.address, elsewhere.address == child.address) == (True, False)
        assert {held.holder for held in child.parental_responsibility} == {here.number, elsewhere.number}

    def test_one_of_14_lives_with_one_of_two_parents(self, by_number):
        child, here, elsewhere = (
            by_number[number_of(slug)] for slug in ("child_14", "mother_of_14", "father_of_14")
        )

        assert (here.address == child.address, elsewhere.address == child.address) == (True, False)
        assert {held.holder for held in child.parental_responsibility} == {here.number, elsewhere.number}

    def test_caseworker_was_married_to_a_citizen(self, by_number):
        staff, citizen = by_number[number_of("caseworker")], by_number[number_of("former_husband")]

        assert nearness(staff, citizen) is Nearness.SPOUSE
        assert [marriage.until is None for marriage in citizen.spouses] == [False]

    def test_guardian_of_thirty_may_act_for_each_and_each_has_a_surname_of_their_own(self, by_number):
        guardian = by_number[number_of("guardian_many")]
        found = [by_number[each.ward] for each in guardian.guardianships]

        assert {areas_in_register(Basis.GUARDIAN, guardian, ward, on=TODAY) for ward in found} == {
            frozenset(Area),
            frozenset({Area.PERSONAL}),
        }
        assert (len(found), len({ward.name.split()[1] for ward in found})) == (WARDS, WARDS)
        assert {ward.protection for ward in found} == {Protection.NONE}


@pytest.mark.django_db
class TestLoading:
    def test_loading_fills_the_register_and_gives_staff_their_roles(self):
        load(seed=1, size=200, today=TODAY)

        register = EmbeddedPopulationRegister()
        assert register.person(number_of("parent")).name == "Trygg Furu"
        assert register.person(number_of("unknown")) is None
        assert {
            slug: roles_of(find_person(named.number)) for slug, named in BY_SLUG.items() if named.is_staff
        } == {
            "caseworker": {"caseworker"},
            "caseworker_2": {"caseworker"},
            "approver": {"caseworker", "approver"},
            "release_officer": {"release_officer"},
            "auditor": {"auditor"},
        }
        assert Person.objects.count() == 5  # the others are met when they are met

    def test_loading_again_changes_nothing(self):
        load(seed=1, size=100, today=TODAY)
        before = EmbeddedPopulationRegister().person(number_of("child_8"))

        assert load(seed=1, size=300, today=date(2028, 1, 1)) == 0
        assert EmbeddedPopulationRegister().person(number_of("child_8")) == before
        assert sorted(len(roles_of(person)) for person in Person.objects.all()) == [1, 1, 1, 1, 2]

    def test_everyone_is_read_back_once(self):
        load(seed=1, size=300, today=TODAY)

        expected = list(people(seed=1, size=300, today=TODAY))
        assert list(EmbeddedPopulationRegister().everyone()) == expected

    def test_person_with_a_changed_number_is_one_at_sign_in(self):
        load(seed=1, size=0, today=TODAY)
        met_in_a_file = person_for(OLD_NUMBER)

        assert person_for(number_of("changed_number")) == met_in_a_file
        assert numbers_of(met_in_a_file) == (number_of("changed_number"), OLD_NUMBER)

    @pytest.mark.parametrize(
        ("slug", "open_to_them"),
        [
            ("protected_parent", {}),
            ("parent_elsewhere", {}),
            ("mother_of_14", {"Oppvakt Meis": {Scope.RESERVATION}}),
            ("father_of_14", {"Oppvakt Meis": {Scope.RESERVATION}}),
            ("child_14", {}),
            ("former_husband", {}),
        ],
    )
    def test_the_demos_families_may_do_what_the_law_opens(self, slug, open_to_them):
        load(seed=1, size=0, today=clock.today())
        person = person_for(number_of(slug))
        refresh_from_register(person)

        assert {choice.name: set(choice.rights.scopes) for choice in choices_for(person)} == open_to_them

    def test_guardian_of_thirty_may_do_all_for_each(self):
        load(seed=1, size=0, today=clock.today())
        guardian = person_for(number_of("guardian_many"))
        refresh_from_register(guardian)

        choices = choices_for(guardian)
        assert {frozenset(choice.rights.scopes) for choice in choices} == {frozenset(Scope)}
        assert len(choices) == WARDS

    def test_two_thousand_are_loaded_in_seconds(self):
        began = clock.now()

        load(seed=1, size=2_000, today=TODAY)

        assert (clock.now() - began).total_seconds() < 5

    def test_command_says_what_it_did_and_writes_the_lists(self, tmp_path, settings):
        settings.POPULATION = 50
        citizens, staff, said = tmp_path / "citizens.json", tmp_path / "staff.json", StringIO()

        call_command("load_population", citizens=citizens, staff=staff, stdout=said)
        call_command("load_population", stdout=said)

        first, second = said.getvalue().splitlines()
        assert first.startswith("Entered ")
        assert second == "The synthetic people were there already; they are left as they are."
        assert {entry["number"] for path in (citizens, staff) for entry in json.loads(path.read_text())} == {
            named.number.digits for named in NAMED
        }

    def test_command_refuses_production(self, settings):
        settings.PRODUCTION = True

        with pytest.raises(CommandError, match="never for production"):
            call_command("load_population")


def test_sign_in_list_of_staff_tells_roles(tmp_path):
    write_sign_in_list(tmp_path / "lists" / "staff.json", staff=True)
    write_sign_in_list(tmp_path / "lists" / "staff.json", staff=True)

    entries = json.loads((tmp_path / "lists" / "staff.json").read_text())
    assert entries[2] == {
        "number": "29836817743",
        "name": "Myk Eple",
        "about": "godkjenner",
        "roles": ["caseworker", "approver"],
        "organisation": "Folkehelseinstituttet",
    }
    assert [entry for one, entry in pairwise(entries) if one == entry] == []
