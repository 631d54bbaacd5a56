"""From the reader's words to codes: what a search for "hjerte" means in the register.

Every word must fit something of a record: a label of one of its codes in the reader's language, the code
itself, the provider's name, the section's title or the year. Records withheld from the reader are never
found by what they hold, and none by where it was for a reader who may not know.
"""

import json
import re
from collections.abc import Iterable

from django.db.models import BooleanField, F, Func, Q, Value

from insight.catalogue import Source, Variable, VariableKind

MAX_WORDS = 6
MAX_WORD = 40
_CODE = re.compile(r"[a-z0-9.]{1,20}")


class _PathExists(Func):
    """PostgreSQL's `jsonb_path_exists(variables, path)`."""

    function = "jsonb_path_exists"
    template = "%(function)s(%(expressions)s::jsonpath)"
    output_field = BooleanField()


def words_of(text: str) -> list[str]:
    """The words of a search, at most six."""
    return [word[:MAX_WORD] for word in text.casefold().split()][:MAX_WORDS]


def matching(text: str, sources: Iterable[Source], *, hides_places: bool = False) -> Q:
    """The condition on records of these sources that a search makes; everything for an empty one."""
    condition = Q()
    searched = list(sources)
    for word in words_of(text):
        condition &= _word(word, searched, hides_places=hides_places)
    return condition


def _word(word: str, sources: list[Source], *, hides_places: bool) -> Q:
    found = Q(
        section__in=[
            section.slug
            for source in sources
            for section in source.sections
            if word in str(section.title).casefold()
        ]
    )
    if not hides_places:
        found |= Q(provider__name__icontains=word, withholding__isnull=True)
    if re.fullmatch(r"(?:19|20)\d\d", word):
        found |= Q(event_date__year=int(word))
    for source in sources:
        searched = [variable for variable in source.variables if not (variable.place and hides_places)]
        if paths := [path for variable in searched if (path := _path(variable, word))]:
            held = Q()
            for path in paths:
                held |= Q(_PathExists(F("variables"), Value(path)))
            found |= Q(source=source.slug, withholding__isnull=True) & held
    return found


def _path(variable: Variable, word: str) -> str:
    """The JSON path of a value that the word fits; empty where no value could."""
    tests = []
    if variable.system is not None:
        system = variable.system
        codes = [code for code, label in system.labels.items() if word in str(label).casefold()]
        starts = [start for start, label in system.groups.items() if word in str(label).casefold()]
        tests += [f"@ == {json.dumps(code)}" for code in codes]
        tests += [f"@ starts with {json.dumps(start)}" for start in starts]
    if _CODE.fullmatch(word) and variable.kind in {VariableKind.CODE, VariableKind.CODES, VariableKind.TEXT}:
        tests.append(f'@ like_regex {json.dumps("(^|:)" + re.escape(word) + "$")} flag "i"')
    return f"$.{variable.name}[*] ? ({' || '.join(tests)})" if tests else ""
