"""What tells where somebody got help is declared as such, and is never in what is shown without it."""

import re
from datetime import date

import pytest

from insight.catalogue import ReadableRecord
from insight.sources import sources

VARIABLES = [(source, variable) for source in sources() for variable in source.variables]
# By the title of its code system, by its name and the sender's, or because it is a number somebody there gave.
PLACE_CODES = re.compile(r"kommune|fylke|bydel|organisasjon|institusjon|virksomhet", re.IGNORECASE)
PLACE_NAMES = re.compile(
    r"municip|district|provider|institution|address|komm|komnr|bydel|orgnr|inst|adresse", re.IGNORECASE
)
GIVEN_THERE = re.compile(r"nummer på")


@pytest.mark.parametrize(
    ("source", "variable"), VARIABLES, ids=lambda value: getattr(value, "slug", None) or value.name
)
def test_what_tells_of_a_place_is_declared_so(source, variable):
    title = str(variable.system.title) if variable.system else ""
    tells = (
        PLACE_CODES.search(title),
        PLACE_NAMES.search(f"{variable.name} {variable.field}"),
        GIVEN_THERE.search(str(variable.meaning)),
    )

    assert variable.place is any(tells)


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.slug)
def test_a_sentence_without_places_reads_and_names_none(source):
    filled = {
        variable.name: ["Stedet"] if variable.kind == "codes" else "Stedet"
        for variable in source.variables
        if variable.place
    }

    for section in source.sections:
        facts = (section.slug, date(2026, 1, 1), None, "")
        bare = source.sentence(ReadableRecord(*facts, source.without_places(filled)))

        assert ("Stedet" in bare, bare == source.sentence(ReadableRecord(*facts, {}))) == (False, True)
