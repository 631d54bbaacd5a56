"""The data sources of KPR: one module each, found by being here. Adding one is adding a module.

A module declares `SOURCE`, an `insight.catalogue.Source`. No list names them and no migration follows.
"""

import pkgutil
from functools import cache
from importlib import import_module

from insight.catalogue import MessageType, Section, Source
from insight.reading.opening import Opening


@cache
def sources() -> tuple[Source, ...]:
    """Every source, in the order the pages show them."""
    modules = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return tuple(
        sorted((module.SOURCE for module in modules), key=lambda source: (source.order, source.slug))
    )


def source_of(slug: str) -> Source:
    """The source of this slug. Raises KeyError."""
    return {source.slug: source for source in sources()}[slug]


def source_of_section(slug: str) -> Source:
    """The source a section belongs to. Raises KeyError."""
    return {section.slug: source for source in sources() for section in source.sections}[slug]


def section_of(slug: str) -> Section:
    """The section of this slug. Raises KeyError."""
    return source_of_section(slug).section(slug)


def message_type_of(opening: Opening) -> tuple[Source, MessageType] | None:
    """Which message a file is, asked of every source; None where none knows it."""
    for source in sources():
        for message in source.messages:
            if message.recognises(opening):
                return source, message
    return None
