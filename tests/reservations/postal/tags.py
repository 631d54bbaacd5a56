"""The tag tree of a PDF, as what reads aloud walks through it."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

import pikepdf


class Tagged(NamedTuple):
    """An element: its kind, what it is within (outermost first), and the text that stands for a picture."""

    kind: str
    within: tuple[str, ...]
    alt: str


def tags_of(pdf: bytes) -> list[Tagged]:
    """Every element in the order in which it is read."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        return list(_walk(opened.Root.StructTreeRoot.K, ()))


def pictures_told(pdf: bytes) -> list[str]:
    """What is said in place of each picture, in order."""
    return [tag.alt for tag in tags_of(pdf) if tag.kind == "Figure"]


def _walk(element: Any, within: tuple[str, ...]) -> Iterator[Tagged]:
    if isinstance(element, pikepdf.Array):
        for child in element:
            yield from _walk(child, within)
    elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
        kind = str(element.S).removeprefix("/")
        yield Tagged(kind, within, str(element.get("/Alt", "")))
        if "/K" in element:
            yield from _walk(element.K, (*within, kind))
