"""Whom one can sign in as in a demo, as lines to print."""

from kpr_portal.embedded.population_named import NAMED


def table() -> str:
    width = max(len(one.name) for one in NAMED)
    lines = [f"  {one.number.digits}  {one.name:<{width}}  {one.shows}" for one in NAMED]
    return "\n".join(["You can sign in as these, and choose them in a list:", *lines])
