"""Drawings of many rectangles, such as a code: in a PDF once, however often they stand on its pages.

WeasyPrint draws every corner of a path anew at each place, which takes as long as a page of text. So a path of
rectangles (`M0 0h2v1h-2z` ...) is taken out of the page before, with a stand-in that fills nothing in its place.
What is drawn there is a form XObject (ISO 32000-1, 8.10), with the colour and the tag that WeasyPrint gave the place.
"""

from __future__ import annotations

import re
from typing import Any

RECTANGLE = re.compile(rb"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z")
PATH = re.compile(r'<path d="((?:M\d+ \d+h\d+v\d+h-\d+z)+)"/>')
FAR = -90210  # in no drawing of ours; from the origin and back again nothing is filled
STAND_IN = re.compile(rb"\n(?:0 0 m\n)+%d (\d+) l\nh\nf(?=\n)" % FAR)


def without_drawings(html: str) -> tuple[str, list[str]]:
    """The page with a stand-in for each path of rectangles, and those paths, each once."""
    drawings: dict[str, int] = {}

    def stand_in(found: re.Match[str]) -> str:
        return f'<path d="M0 0L{FAR} {drawings.setdefault(found[1], len(drawings))}z"/>'

    return PATH.sub(stand_in, html), list(drawings)


def put_back(pdf: Any, drawings: list[str]) -> None:
    """Draw these where their stand-ins are, in a PDF that WeasyPrint has not written yet (`pydyf.PDF`).

    Raises ValueError where one has no place in it.
    """
    if not drawings:
        return
    forms = [_form(drawing) for drawing in drawings]
    for form in forms:
        pdf.add_object(form)
    drawn: set[bytes] = set()
    for number in pdf.pages["Kids"][::3]:
        page = pdf.objects[number]
        content, resources = (pdf.objects[int(page[key].split()[0])] for key in ("Contents", "Resources"))
        written = b"\n".join(map(_bytes, content.stream))
        drawn.update(STAND_IN.findall(written))
        content.stream = [STAND_IN.sub(rb"\n/Drawing\1 Do", written)]
        resources["XObject"].update({f"Drawing{place}": form.reference for place, form in enumerate(forms)})
    if len(drawn) != len(drawings):
        msg = f"Of {len(drawings)} drawings {len(drawn)} have a place on a page."
        raise ValueError(msg)


def _bytes(written: Any) -> bytes:
    """As pydyf would write it: bytes, text, or an object of its own."""
    if isinstance(written, str):
        return written.encode()
    return written if isinstance(written, bytes) else bytes(written.data)


def _form(drawing: str) -> Any:
    import pydyf  # noqa: PLC0415 -- worker only

    rectangles = [tuple(map(int, found)) for found in RECTANGLE.findall(drawing.encode())]
    wide, high = (max(one[side] + one[side + 2] for one in rectangles) for side in (0, 1))
    # One more on each side: cut off at its very edge, that edge would be softer than the others.
    box = pydyf.Array((-1, -1, wide + 1, high + 1))
    extra = pydyf.Dictionary({"Type": "/XObject", "Subtype": "/Form", "BBox": box})
    return pydyf.Stream([*(b"%d %d %d %d re" % one for one in rectangles), b"f"], extra, compress=True)
