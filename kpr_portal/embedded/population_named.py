"""The people whom one can sign in as, one for each thing there is to see. Their numbers never change.

Ages are counted from the day the people are first loaded, so a child of eight is eight then; the date in
such a child's number is therefore only about right, as nobody may conclude anything from it.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from kpr_portal.embedded.population_circles import circles
from kpr_portal.embedded.population_families import years_before
from kpr_portal.people.models import Role
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.population_register import (
    Address,
    Area,
    FuturePower,
    Guardianship,
    Marriage,
    NumberPeriod,
    ParentalResponsibility,
    Protection,
    RegisterPerson,
    ResponsibilityKind,
    Sex,
)

ORGANISATION = "Folkehelseinstituttet"
OLD_NUMBER = NationalId("53868631143")  # the D-number that "changed_number" held before


@dataclass(frozen=True)
class NamedPerson:
    """Someone to sign in as: what their case shows, in Norwegian, and the staff roles they have, if any."""

    slug: str
    name: str
    number: NationalId
    shows: str
    roles: tuple[Role, ...] = ()
    organisation: str = ""

    @property
    def is_staff(self) -> bool:
        """Whether the person signs in at the staff's provider."""
        return bool(self.roles)


def _citizen(slug: str, name: str, digits: str, shows: str) -> NamedPerson:
    return NamedPerson(slug, name, NationalId(digits), shows)


def _staff(slug: str, name: str, digits: str, shows: str, *roles: Role) -> NamedPerson:
    return NamedPerson(slug, name, NationalId(digits), shows, roles, ORGANISATION)


NAMED: list[NamedPerson] = [
    _citizen("much_data", "Stødig Bjørk", "14835821456", "mye registrert gjennom mange år"),
    _citizen("nothing_held", "Lett Fjær", "02899133164", "ingenting registrert"),
    _citizen("parent", "Trygg Furu", "23868111887", "mor til barn på 8, 13 og 16 år"),
    _citizen("other_parent", "Jevn Havn", "08917924342", "far til de samme barna"),
    _citizen("child_8", "Glad Kvist", "12881852207", "barn på 8 år"),
    _citizen("child_13", "Kvikk Spire", "04851361761", "barn på 13 år"),
    _citizen("child_16", "Modig Gnist", "30861070863", "ungdom på 16 år"),
    _citizen("guardian_personal", "Våken Lykt", "19817035526", "verge for personlige forhold"),
    _citizen("ward_personal", "Stille Vann", "27909642030", "har verge for personlige forhold"),
    _citizen("guardian_economic", "Nøktern Mynt", "05926640196", "verge bare for økonomi"),
    _citizen("ward_economic", "Varm Stein", "11844828650", "har verge bare for økonomi"),
    _citizen("attorney", "Hjelpsom Måke", "16827515063", "skal handle med fullmakt fra Rolig Sang"),
    _citizen("attorney_giver", "Rolig Sang", "21874437716", "gir fullmakt til Hjelpsom Måke"),
    _citizen("future_power_holder", "Lojal Trost", "24847248471", "har fremtidsfullmakt som gjelder"),
    _citizen("future_power_giver", "Moden Høst", "10814112891", "har gitt fremtidsfullmakt som gjelder"),
    _citizen("strictly_protected", "Diskret Lilje", "09898816661", "strengt fortrolig adresse"),
    _citizen("confidential", "Dempet Tone", "28858327557", "fortrolig adresse"),
    _citizen("newly_16", "Fersk Morgen", "18911055763", "ble 16 år for tre dager siden"),
    _citizen("parent_of_newly_16", "Klok Kråke", "03837819201", "forelder til en som nettopp ble 16 år"),
    _citizen("protected_child", "Lun Rype", "12831757718", "barn på 9 år med fortrolig adresse"),
    _citizen("protected_parent", "Stø Ørret", "04908734012", "mor på samme fortrolige adresse som barnet"),
    _citizen("parent_elsewhere", "Rask Elv", "29818540343", "far til barnet med fortrolig adresse"),
    _citizen("child_14", "Oppvakt Meis", "17851274839", "14 år, med egen eID"),
    _citizen("mother_of_14", "Solid Gran", "06888235033", "mor til en på 14 år, bor sammen"),
    _citizen("father_of_14", "Munter Oter", "22828001713", "far til en på 14 år, bor et annet sted"),
    _citizen("guardian_many", "Pålitelig Bro", "09866916494", "verge for 30 personer, med søk i listen"),
    _citizen("former_husband", "Fri Bekk", "30848242159", "tidligere gift med saksbehandler Ryddig Perm"),
    _citizen("d_number", "Vid Svale", "65929313121", "D-nummer, engelsk språk"),
    _citizen("changed_number", "Ny Vår", "13868624668", "har skiftet fra D-nummer til fødselsnummer"),
    _citizen("unknown", "Uvanlig Sti", "06909945745", "gyldig nummer som ingen registre kjenner"),
    _citizen("dead", "Falmet Rose", "01823913571", "død: innlogging avvises"),
    _citizen("emigrated", "Fjern Kyst", "17886936230", "utvandret"),
    _staff(
        "caseworker",
        "Ryddig Perm",
        "07878421382",
        "saksbehandler, tidligere gift med Fri Bekk",
        Role.CASEWORKER,
    ),
    _staff("caseworker_2", "Tenksom Blyant", "15899032095", "enda en saksbehandler", Role.CASEWORKER),
    _staff("approver", "Myk Eple", "29836817743", "godkjenner", Role.CASEWORKER, Role.APPROVER),
    _staff("release_officer", "Presis Linjal", "20857723830", "utleveringsansvarlig", Role.RELEASE_OFFICER),
    _staff("auditor", "Skarp Falk", "26916314158", "kontrollør", Role.AUDITOR),
]

BY_SLUG: dict[str, NamedPerson] = {named.slug: named for named in NAMED}


def number_of(slug: str) -> NationalId:
    """The number of a named person."""
    return BY_SLUG[slug].number


def named_people(*, today: date) -> list[RegisterPerson]:
    """What the register tells of them, with ages counted from today; nothing of the one nobody knows."""
    people = {
        slug: RegisterPerson(
            number=number_of(slug),
            name=BY_SLUG[slug].name,
            birth_date=born,
            sex=sex,
            municipality="5001",
            district="02",
            address=Address(lines=(f"{street} {house}",), postcode="7011", city="Trondheim"),
        )
        for house, (slug, (born, sex, street)) in enumerate(_births(today).items(), start=1)
    }
    around = circles(number_of, today=today)
    for changes in (_family(today), _mandates(), _single_cases(today), around):
        for slug, values in changes.items():
            people[slug] = replace(people[slug], **values)
    return list(people.values())


def _births(today: date) -> dict[str, tuple[date, Sex, str]]:
    women, men = Sex.FEMALE, Sex.MALE
    return {
        "much_data": (date(1958, 3, 14), women, "Bjørkeveien"),
        "nothing_held": (date(1991, 9, 2), men, "Lyngveien"),
        "parent": (date(1981, 6, 23), women, "Furuveien"),
        "other_parent": (date(1979, 11, 8), men, "Furuveien"),
        "child_8": (years_before(today, 8) - timedelta(days=100), women, "Furuveien"),
        "child_13": (years_before(today, 13) - timedelta(days=200), men, "Furuveien"),
        "child_16": (years_before(today, 16) - timedelta(days=150), women, "Furuveien"),
        "guardian_personal": (date(1970, 1, 19), men, "Parkveien"),
        "ward_personal": (date(1996, 10, 27), women, "Elveveien"),
        "guardian_economic": (date(1966, 12, 5), women, "Torggata"),
        "ward_economic": (date(1948, 4, 11), men, "Solbakken"),
        "attorney": (date(1975, 2, 16), women, "Havnegata"),
        "attorney_giver": (date(1944, 7, 21), men, "Kirkeveien"),
        "future_power_holder": (date(1972, 4, 24), men, "Skolegata"),
        "future_power_giver": (date(1941, 1, 10), women, "Skolegata"),
        "strictly_protected": (date(1988, 9, 9), women, "Granveien"),
        "confidential": (date(1983, 5, 28), men, "Granveien"),
        "newly_16": (years_before(today, 16) - timedelta(days=3), men, "Bekkeveien"),
        "parent_of_newly_16": (date(1978, 3, 3), women, "Bekkeveien"),
        "d_number": (date(1993, 12, 25), men, "Fjordgata"),
        "changed_number": (date(1986, 6, 13), women, "Markveien"),
        "dead": (date(1939, 2, 1), women, "Engveien"),
        "emigrated": (date(1969, 8, 17), men, "Strandgata"),
        "caseworker": (date(1984, 7, 7), women, "Storgata"),
        "caseworker_2": (date(1990, 9, 15), men, "Storgata"),
        "approver": (date(1968, 3, 29), women, "Storgata"),
        "release_officer": (date(1977, 5, 20), men, "Storgata"),
        "auditor": (date(1963, 11, 26), women, "Storgata"),
        "protected_child": (years_before(today, 9) - timedelta(days=80), men, "Åsveien"),
        "protected_parent": (date(1987, 10, 4), women, "Åsveien"),
        "parent_elsewhere": (date(1985, 1, 29), men, "Rogneveien"),
        "child_14": (years_before(today, 14) - timedelta(days=120), women, "Ospeveien"),
        "mother_of_14": (date(1982, 8, 6), women, "Ospeveien"),
        "father_of_14": (date(1980, 2, 22), men, "Seljeveien"),
        "guardian_many": (date(1969, 6, 9), women, "Møllegata"),
        "former_husband": (date(1982, 4, 30), men, "Bryggegata"),
    }


def _family(today: date) -> dict[str, dict[str, Any]]:
    mother, father = number_of("parent"), number_of("other_parent")
    children = tuple(number_of(slug) for slug in ("child_8", "child_13", "child_16"))
    home = Address(lines=("Furuveien 3",), postcode="7011", city="Trondheim")
    married = years_before(today, 18)

    def shared(*held: NationalId, by: tuple[NationalId, ...]) -> tuple[ParentalResponsibility, ...]:
        return tuple(
            ParentalResponsibility(holder, child, ResponsibilityKind.SHARED)
            for child in held
            for holder in by
        )

    young, mother_of_young = number_of("newly_16"), number_of("parent_of_newly_16")
    alone = (ParentalResponsibility(mother_of_young, young, ResponsibilityKind.MOTHER),)
    home_of_young = Address(lines=("Bekkeveien 18",), postcode="7011", city="Trondheim")
    return {
        "parent": {
            "address": home,
            "children": children,
            "spouses": (Marriage(father, since=married),),
            "parental_responsibility": shared(*children, by=(mother,)),
        },
        "other_parent": {
            "address": home,
            "children": children,
            "spouses": (Marriage(mother, since=married),),
            "parental_responsibility": shared(*children, by=(father,)),
        },
        **{
            slug: {
                "address": home,
                "parents": (mother, father),
                "siblings": tuple(number for number in children if number != number_of(slug)),
                "parental_responsibility": shared(number_of(slug), by=(mother, father)),
            }
            for slug in ("child_8", "child_13", "child_16")
        },
        "newly_16": {
            "parents": (mother_of_young,),
            "parental_responsibility": alone,
            "address": home_of_young,
        },
        "parent_of_newly_16": {
            "children": (young,),
            "parental_responsibility": alone,
            "address": home_of_young,
            "language": "nn",
        },
    }


def _mandates() -> dict[str, dict[str, Any]]:
    personal = Guardianship(
        guardian=number_of("guardian_personal"),
        ward=number_of("ward_personal"),
        areas=frozenset({Area.PERSONAL}),
        since=date(2022, 2, 1),
    )
    economic = Guardianship(
        guardian=number_of("guardian_economic"),
        ward=number_of("ward_economic"),
        areas=frozenset({Area.ECONOMIC}),
        since=date(2021, 9, 1),
    )
    future = FuturePower(
        holder=number_of("future_power_holder"),
        giver=number_of("future_power_giver"),
        areas=frozenset(Area),
        since=date(2024, 5, 2),
    )
    return {
        "guardian_personal": {"guardianships": (personal,)},
        "ward_personal": {"guardianships": (personal,)},
        "guardian_economic": {"guardianships": (economic,)},
        "ward_economic": {"guardianships": (economic,)},
        "future_power_holder": {"future_powers": (future,), "parents": (future.giver,)},
        "future_power_giver": {"future_powers": (future,), "children": (future.holder,)},
    }


def _single_cases(today: date) -> dict[str, dict[str, Any]]:
    changed = years_before(today, 1)
    return {
        "strictly_protected": {
            "protection": Protection.STRICTLY_CONFIDENTIAL,
            "municipality": "",
            "district": "",
            "address": Address(lines=("Postboks 100",), postcode="0101", city="Oslo"),
        },
        "confidential": {"protection": Protection.CONFIDENTIAL},
        "d_number": {"language": "en"},
        "changed_number": {
            "numbers": (
                NumberPeriod(number_of("changed_number"), since=changed),
                NumberPeriod(OLD_NUMBER, until=changed),
            )
        },
        "dead": {"death_date": today - timedelta(days=200)},
        "emigrated": {
            "emigrated": years_before(today, 2),
            "municipality": "",
            "district": "",
            "address": None,
        },
    }
