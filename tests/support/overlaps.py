"""Words of a PDF that are printed over each other."""

import subprocess
from itertools import combinations
from typing import NamedTuple

from lxml import etree

XHTML = "{http://www.w3.org/1999/xhtml}"
# A word's box reaches from the highest to the lowest letter of its font: lines set close share a little of it.
SHARED_HEIGHT, SHARED_WIDTH = 0.3, 0.5


class Word(NamedTuple):
    """A word and its box, in points from the upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Word") -> bool:
        """Whether the two cannot both be read."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        lower = min(self.bottom - self.top, other.bottom - other.top)
        return wide > SHARED_WIDTH and high > SHARED_HEIGHT * lower


def printed_over(pdf: bytes) -> list[tuple[str, str]]:
    """Each pair of words that meet, page by page."""
    found = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    pages = etree.fromstring(found.stdout, etree.XMLParser(resolve_entities=False)).iter(f"{XHTML}page")
    return [
        (one.text, other.text)
        for page in pages
        for one, other in combinations(map(_word, page.iter(f"{XHTML}word")), 2)
        if one.meets(other)
    ]


def _word(element: etree._Element) -> Word:
    left, top, right, bottom = (float(element.get(side, 0)) for side in ("xMin", "yMin", "xMax", "yMax"))
    return Word(element.text or "", left, top, right, bottom)
