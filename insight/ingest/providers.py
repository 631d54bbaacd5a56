"""Who gave the services: names of providers to their rows."""

from collections.abc import Iterable

from django.db import connection

REMEMBERED = 50_000

Provider = tuple[str, str, str]  # organisation number, name, municipality


class Providers:
    """Finds the providers of lines, makes those that are new, and remembers them between files."""

    def __init__(self) -> None:
        self._known: dict[Provider, int] = {}

    def resolve(self, wanted: Iterable[Provider]) -> dict[Provider, int]:
        """The id of each of these."""
        wanted = set(wanted)
        if len(self._known) + len(wanted) > REMEMBERED:
            self._known.clear()
        if new := sorted(wanted - self._known.keys()):
            self._known |= _met(new)
        return {provider: self._known[provider] for provider in wanted}


def _met(new: list[Provider]) -> dict[Provider, int]:
    columns = [list(column) for column in zip(*new, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO insight_provider (organisation_number, name, municipality)"
            " SELECT * FROM unnest(%s::text[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING",
            columns,
        )
        cursor.execute(
            "SELECT p.organisation_number, p.name, p.municipality, p.id FROM insight_provider p"
            " JOIN unnest(%s::text[], %s::text[], %s::text[])"
            " AS new (organisation_number, name, municipality)"
            " USING (organisation_number, name, municipality)",
            columns,
        )
        return {(number, name, place): id_ for number, name, place, id_ in cursor.fetchall()}
