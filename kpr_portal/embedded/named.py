"""Whom one can sign in as in a demo: the named people of the synthetic population."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

POPULATION = "kpr_portal.embedded.population"
NOT_SIGNED_IN_WITH = frozenset({"unknown"})


def named() -> list[dict[str, Any]]:
    """Each with `number`, `name` and `about`, staff with `roles` and `organisation` too."""
    if find_spec(POPULATION) is None:
        return []
    return [
        {
            "number": getattr(one.number, "digits", one.number),
            "name": str(one.name),
            "about": str(one.about),
            "roles": list(getattr(one, "roles", ())),
            "organisation": str(getattr(one, "organisation", "")),
        }
        for one in import_module(POPULATION).NAMED
    ]


def citizens() -> list[dict[str, Any]]:
    return [{name: one[name] for name in ("number", "name", "about")} for one in named() if not one["roles"]]


def staff() -> list[dict[str, Any]]:
    return [one for one in named() if one["roles"]]


def table() -> str:
    """The named people as lines to print; empty where there are none."""
    people = named()
    if not people:
        return ""
    width = max(len(one["name"]) for one in people)
    lines = [f"  {one['number']}  {one['name']:<{width}}  {one['about']}" for one in people]
    return "\n".join(["You can sign in as:", *lines])
