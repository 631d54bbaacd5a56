"""How the bytes of a form's code are drawn: a square DataMatrix (ISO/IEC 16022, ECC 200), as a path to fill.

Drawn where the form is made, and found again by `reading`. Pure. docs/form-code.md says it for others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import floor
from typing import Any

from reservations.postal.code import MOST_BYTES

WIDE_MM = 30  # as wide as this, since text and signature stand beside it
WIDEST_MM = 37  # and up to this, for modules that are read well; 40 with what stays white around it
WELL_READ_MM = 0.71
LEAST_MODULE_MM = 0.5  # what an office printer draws and an office scanner sees at 200 dpi
MOST_MODULE_MM = 1.0
QUIET_MODULES = 2  # the standard asks for one; a line or a text set too near is what finders stumble over


@dataclass(frozen=True, repr=False)
class Symbol:
    """A square of modules, row by row from the top, True where dark, each `module_mm` wide.

    The quiet zone is not part of it: whoever sets the page keeps `quiet_mm` white on every side.
    """

    modules: tuple[tuple[bool, ...], ...]
    module_mm: float

    @property
    def side(self) -> int:
        """Modules on a side."""
        return len(self.modules)

    @property
    def size_mm(self) -> float:
        """The width and the height of the symbol alone."""
        return round(self.side * self.module_mm, 2)

    @property
    def css_size(self) -> str:
        """The same as CSS says it, in whatever language a page is."""
        return f"{self.size_mm:.2f}mm"

    @property
    def quiet_mm(self) -> float:
        """How much stays white around it."""
        return round(QUIET_MODULES * self.module_mm, 2)

    @cached_property
    def path(self) -> str:
        """The dark modules as the `d` of one SVG path to fill, a module being one unit: 0 to `side` each way."""
        return "".join(f"M{x} {y}h{width}v{height}h-{width}z" for x, y, width, height in self._rectangles())

    def _rectangles(self) -> Iterator[tuple[int, int, int, int]]:
        """Each run of dark modules in a row, joined with the same run in the rows below it."""
        begun: dict[tuple[int, int], int] = {}
        for y in range(self.side + 1):
            runs = _runs(self.modules[y]) if y < self.side else frozenset()
            for x, width in sorted(begun.keys() - runs):
                top = begun.pop((x, width))
                yield x, top, width, y - top
            for run in runs:
                begun.setdefault(run, y)


def draw(written: bytes) -> Symbol:
    """The symbol of a content's bytes (`code.write`). Raises ValueError where they are more than MOST_BYTES.

    It is WIDE_MM wide, and up to WIDEST_MM where its modules would else be narrower than WELL_READ_MM; none is
    narrower than LEAST_MODULE_MM, nor wider than MOST_MODULE_MM.
    """
    import zxingcpp  # noqa: PLC0415 -- web processes never load it

    if not 0 < len(written) <= MOST_BYTES:
        msg = f"The content is {len(written)} bytes; the code takes 1 to {MOST_BYTES}."
        raise ValueError(msg)
    made = zxingcpp.create_barcode(written, zxingcpp.BarcodeFormat.DataMatrix, forceSquare=True)
    buffer: Any = zxingcpp.write_barcode_to_image(made, scale=1, add_quiet_zones=False)
    drawn: Any = memoryview(buffer).tolist()
    modules = tuple(tuple(shade == 0 for shade in row) for row in drawn)
    return Symbol(modules, _module_mm(len(modules)))


def _module_mm(side: int) -> float:
    """Down to a hundredth, so that rounding never makes a symbol wider than there is room for."""
    wished = max(WIDE_MM / side, WELL_READ_MM)
    return floor(min(wished, WIDEST_MM / side, MOST_MODULE_MM) * 100) / 100


def _runs(row: tuple[bool, ...]) -> frozenset[tuple[int, int]]:
    """Where each run of dark modules begins in a row, and how many they are."""
    edges = [x for x in range(len(row) + 1) if (x > 0 and row[x - 1]) != (x < len(row) and row[x])]
    return frozenset((begin, end - begin) for begin, end in zip(edges[::2], edges[1::2], strict=True))
