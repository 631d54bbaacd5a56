import re

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from reservations.postal.code import MOST_BYTES
from reservations.postal.symbol import LEAST_MODULE_MM, MOST_MODULE_MM, WIDEST_MM, draw

FINEST_MM = 0.71  # finer ones are not read as often as is promised
BLANK = b"KP\x01\x02\x02\x00"


def picture_of(modules, *, dots=4):
    """The modules as a picture, with white around them."""
    side = len(modules)
    sharp = Image.new("L", (side + 4, side + 4), 255)
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            sharp.putpixel((x + 2, y + 2), 0 if dark else 255)
    return sharp.resize((sharp.width * dots, sharp.height * dots), Image.Resampling.NEAREST)


def read_back(modules):
    return [(code.bytes, code.format) for code in zxingcpp.read_barcodes(picture_of(modules))]


def filled(path, side):
    """The modules that a path fills, by its own words; each must be filled once."""
    rows = [[False] * side for _ in range(side)]
    shapes = re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-(\d+)z", path)
    assert "".join("M{} {}h{}v{}h-{}z".format(*shape) for shape in shapes) == path
    for x, y, wide, high, back in (map(int, shape) for shape in shapes):
        assert wide == back
        for row in range(y, y + high):
            for column in range(x, x + wide):
                assert not rows[row][column]
                rows[row][column] = True
    return tuple(tuple(row) for row in rows)


@given(st.binary(min_size=1, max_size=MOST_BYTES))
def test_symbol_of_any_bytes_is_one_square_datamatrix_that_says_them(written):
    symbol = draw(written)

    assert [len(row) for row in symbol.modules] == [symbol.side] * symbol.side
    assert symbol.module_mm >= FINEST_MM
    assert read_back(symbol.modules) == [(written, zxingcpp.BarcodeFormat.DataMatrix)]


@given(st.binary(min_size=1, max_size=MOST_BYTES))
def test_path_fills_the_dark_modules_and_each_once(written):
    symbol = draw(written)

    assert filled(symbol.path, symbol.side) == symbol.modules


@pytest.mark.parametrize(
    ("length", "side", "module_mm", "size_mm", "quiet_mm"),
    [
        (6, 16, 1.0, 16.0, 2.0),
        (83, 40, 0.75, 30.0, 1.5),
        (130, 44, 0.71, 31.24, 1.42),
        (169, 48, 0.71, 34.08, 1.42),
        (199, 52, 0.71, 36.92, 1.42),
    ],
)
def test_modules_are_as_wide_as_there_is_room_for(length, side, module_mm, size_mm, quiet_mm):
    symbol = draw(BLANK.ljust(length, b"\xc3"))

    assert (symbol.side, symbol.module_mm) == (side, module_mm)
    assert (symbol.size_mm, symbol.quiet_mm) == (size_mm, quiet_mm)
    assert symbol.css_size == f"{size_mm:.2f}mm"


def test_no_symbol_has_finer_modules_or_is_wider_than_promised():
    symbols = [draw(b"\xff" * length) for length in range(1, MOST_BYTES + 1)]

    assert min(s.module_mm for s in symbols) == FINEST_MM
    assert {s for s in symbols if not LEAST_MODULE_MM <= s.module_mm <= MOST_MODULE_MM} == set()
    assert {s for s in symbols if s.size_mm > WIDEST_MM} == set()
    assert {s for s in symbols if s.size_mm + 2 * s.quiet_mm > 40} == set()


def test_largest_symbol_weighs_little():
    """Twice on a page of which the PDF is to be under 60 KB, packed."""
    assert len(draw(bytes(range(MOST_BYTES))).path) < 20_000


@pytest.mark.parametrize("written", [b"", b"\0" * (MOST_BYTES + 1)])
def test_nothing_and_too_much_are_not_drawn(written):
    with pytest.raises(ValueError, match="the code takes 1 to 199"):
        draw(written)
