"""What KPR holds about the person acted for. Every question begins with who is acting."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from insight import held
from insight.catalogue import Section, Source
from insight.errors import BadPosition, RecordNotFound
from insight.held import HELD, Facet, Held
from insight.models import Record
from insight.search import matching
from insight.sources import source_of_section, sources
from insight.worded import RecordDetail, RecordLine, detail_of, line_of
from kpr_portal.people.acting import Acting
from kpr_portal.people.queries import ids_of

PAGE = 20
CHUNK = 500
_POSITION = re.compile(r"([en])(\d{4}-\d\d-\d\d)_([0-9a-f-]{36})")


@dataclass(frozen=True)
class SectionOverview:
    """What one section holds about a person. `first` and `last` are None where it holds nothing."""

    source: Source
    section: Section
    count: int = 0
    sensitive: int = 0
    withheld: int = 0
    first: date | None = None
    last: date | None = None

    @property
    def counted(self) -> str:
        """`142 kontakter`, in the reader's language."""
        return str(self.section.counted % {"number": self.count})


@dataclass(frozen=True)
class Overview:
    """Every section there is, those that hold nothing too, and the sum of them."""

    sections: tuple[SectionOverview, ...]

    @property
    def held(self) -> tuple[SectionOverview, ...]:
        """The sections that hold something."""
        return tuple(each for each in self.sections if each.count)

    @property
    def total(self) -> int:
        return sum(each.count for each in self.sections)

    @property
    def withheld(self) -> int:
        return sum(each.withheld for each in self.sections)

    @property
    def first(self) -> date | None:
        return min((each.first for each in self.sections if each.first), default=None)

    @property
    def last(self) -> date | None:
        return max((each.last for each in self.sections if each.last), default=None)


@dataclass(frozen=True)
class ProviderChoice:
    id: int
    name: str
    count: int


@dataclass(frozen=True)
class RecordPage:
    """One page of a list, newest first. `older` and `newer` are positions, None where there is nothing.

    `years` and `providers` are what the whole section can be narrowed to; `total` is after narrowing.
    """

    source: Source
    section: Section
    lines: tuple[RecordLine, ...]
    total: int
    older: str | None
    newer: str | None
    years: tuple[int, ...]
    providers: tuple[ProviderChoice, ...]


def overview(acting: Acting) -> Overview:
    """What each section holds, from when to when, how much: one query beside the person's ids."""
    found = held.sections(ids_of(acting.subject))
    return Overview(
        tuple(
            SectionOverview(source, section, *found.get(section.slug, ()))
            for source in sources()
            for section in source.sections
        )
    )


def records(
    acting: Acting,
    section_slug: str,
    *,
    year: int | None = None,
    provider: int | None = None,
    words: str = "",
    position: str = "",
    size: int = PAGE,
) -> RecordPage:
    """One page of a section's list, newest first, narrowed and searched.

    A position keeps its place while new records come. Where places are hidden from the actor, nothing is
    narrowed or found by one. Raises RecordNotFound for a section there is not, BadPosition for a position no
    page gave out. Four queries beside the ids, five with a search.
    """
    try:
        source = source_of_section(section_slug)
    except KeyError:
        raise RecordNotFound from None
    hides_places = acting.rights.hides_places
    if hides_places:
        provider = None
    facets = held.facets(ids_of(acting.subject), section_slug)
    narrowed = _held_by(acting).filter(section=section_slug)
    if year is not None:
        narrowed = narrowed.filter(event_date__range=(date(year, 1, 1), date(year, 12, 31)))
    if provider is not None:
        narrowed = narrowed.filter(provider_id=provider, withholding__isnull=True)
    if words.strip():
        narrowed = narrowed.filter(matching(words, [source], hides_places=hides_places))
        total = narrowed.count()
    else:
        total = sum(
            facet.number
            for facet in facets
            if year in {None, facet.year} and provider in {None, facet.provider}
        )
    rows, older, newer = _page(narrowed, position, size)
    return RecordPage(
        source=source,
        section=source.section(section_slug),
        lines=tuple(line_of(row, acting=acting) for row in rows),
        total=total,
        older=older,
        newer=newer,
        years=tuple(sorted({facet.year for facet in facets}, reverse=True)),
        providers=() if hides_places else _provider_choices(facets),
    )


def record(acting: Acting, key: UUID) -> RecordDetail:
    """A record of the person acted for, with every variable. Raises RecordNotFound."""
    row = _held_by(acting).filter(Q(original=key) | Q(identity=key, original=None)).values_list(*HELD).first()
    if row is None:
        raise RecordNotFound
    return detail_of(Held(*row), acting=acting)


def every_record(acting: Acting) -> Iterator[RecordDetail]:
    """Everything that is shown, section by section, newest first: for the download."""
    place = {
        section.slug: at for at, section in enumerate(s for source in sources() for s in source.sections)
    }
    ordered = _held_by(acting).order_by("-event_date", "-identity").values_list(*HELD)
    for slug in sorted(place, key=place.__getitem__):
        for row in ordered.filter(section=slug).iterator(chunk_size=CHUNK):
            yield detail_of(Held(*row), acting=acting)


def _held_by(acting: Acting) -> QuerySet[Record]:
    """The records that count now, of every person this human is known as."""
    ids = sorted(ids_of(acting.subject))
    if len(ids) == 1:
        return Record.objects.filter(current=True, person_id=ids[0])
    return Record.objects.filter(current=True, person_id__in=ids)


def _page(narrowed: QuerySet[Record], position: str, size: int) -> tuple[list[Held], str | None, str | None]:
    """The rows at a position, and the positions beside them."""
    backwards = False
    if position:
        direction, day, identity = _read_position(position)
        backwards = direction == "n"
        way = "gt" if backwards else "lt"
        narrowed = narrowed.filter(**{f"event_date__{way}e": day}).filter(
            Q(**{f"event_date__{way}": day}) | Q(event_date=day, **{f"identity__{way}": identity})
        )
    order = ("event_date", "identity") if backwards else ("-event_date", "-identity")
    # The places are found in the index alone; only the rows of the page are fetched.
    places = list(narrowed.order_by(*order).values_list("identity", flat=True)[: size + 1])
    more = len(places) > size
    rows = held.rows(places[:size])
    if backwards:
        rows.reverse()
    has_older, has_newer = (bool(rows), more) if backwards else (more, bool(position))
    older = _position("e", rows[-1]) if rows and has_older else None
    newer = _position("n", rows[0]) if rows and has_newer else None
    return rows, older, newer


def _position(direction: str, row: Held) -> str:
    return f"{direction}{row.event_date}_{row.identity}"


def _read_position(text: str) -> tuple[str, date, UUID]:
    matched = _POSITION.fullmatch(text)
    try:
        if matched is not None:
            return matched[1], date.fromisoformat(matched[2]), UUID(matched[3])
    except ValueError:
        pass
    raise BadPosition


def _provider_choices(facets: Iterable[Facet]) -> tuple[ProviderChoice, ...]:
    counts: Counter[tuple[int, str]] = Counter()
    for facet in facets:
        if facet.provider is not None:
            counts[facet.provider, facet.name or ""] += facet.number
    choices = [ProviderChoice(provider, name, count) for (provider, name), count in counts.items()]
    return tuple(sorted(choices, key=lambda choice: choice.name.casefold()))
