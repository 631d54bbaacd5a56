"""Finding the code of a form on a picture of its page, scanned or photographed, and reading it.

A page that came by post was folded, written upon, and scanned by whatever stood there. The picture is tried as it is,
and then mended in one way after another, the cheapest first, until a content is read whose proof holds. What is
given is always what `code.read` takes: no mending can make another content than was written. Pure: nothing here
reads a table or a setting. Bounded: no picture of more than MOST_DOTS, MOST_SIDE or MOST_UNPACKED is worked on, none
is tried in more ways than there are in PREPARATIONS, and each of those works on at most WORKED_SIDE dots a side.

    page = open_picture(uploaded)          # checks the size before a dot is unpacked
    content = read_form(page, prover=keyring())
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from PIL import Image, ImageChops, ImageDraw, ImageFile, ImageFilter, ImageOps, UnidentifiedImageError

from reservations.postal.code import CodeRefused, FormContent, Prover, Refused, read

MOST_DOTS = 50_000_000  # A4 in 600 dots an inch is 35 million
# A4 in 600 dots an inch is 7016 high. Pillow's resampling keeps a table as long as the side is: gigabytes for a strip.
MOST_SIDE = 12_000
MOST_TIMES_AS_LONG = 20  # as wide: no page is
MOST_UNPACKED = 250_000_000  # bytes held at once while a picture is unpacked and made grey
WORKED_SIDE = 3_600  # A4 in 300 dots an inch is 3508 high
OPENED = ("PNG", "JPEG", "TIFF", "WEBP")
PAPER = 255
MOST_ENLARGED = 2
WAYS_MORE = 5  # each costs as much as reading an ordinary page
# A page's longer side, on which a code is 5 to 9 cells wide. Half of a code is dark.
CELLS = 88
CODE_CELLS = 3
LIGHTEST, DARKEST = PAPER * 0.3, PAPER * 0.75
AROUND = 80  # of a page's longer side: a few modules

# The more a reason says, the further up: what a page is refused for where its codes are refused for different ones.
TELLING = (
    Refused.CHANGED,
    Refused.UNKNOWN_KEY,
    Refused.UNKNOWN_VERSION,
    Refused.MALFORMED,
    Refused.OVERSIZED,
    Refused.NOT_OURS,
    Refused.NO_CODE,
)


def open_picture(file: BinaryIO) -> Image.Image:
    """The first picture of a file, unpacked, in grey.

    Its size is known before anything is unpacked: a file that says more than MOST_DOTS, MOST_SIDE or MOST_UNPACKED is
    refused as such (PICTURE_TOO_LARGE), a strip that is no page as NO_CODE, and what is no whole picture as NO_PICTURE.
    """
    try:
        with _whole_ones(), Image.open(file, formats=OPENED) as picture:
            _check_size(picture)
            picture.draft(
                "L", (WORKED_SIDE, WORKED_SIDE)
            )  # a JPEG is unpacked no larger than it is worked on
            return _in_grey(picture)
    except CodeRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise CodeRefused(Refused.PICTURE_TOO_LARGE) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise CodeRefused(Refused.NO_PICTURE) from error


@contextmanager
def _whole_ones() -> Iterator[None]:
    """Half a picture is none: what draws PDFs in the same process tells Pillow otherwise."""
    usual = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = usual


def read_form(picture: Image.Image, *, prover: Prover) -> FormContent:
    """The content of the form on the picture, as it was written, to the letter.

    Raises CodeRefused: SEVERAL where two contents are read, in one way or in different ones, else what says most of
    what was found. Where something on the page looks like a code that was not read, another form may lie there:
    then it is looked at in WAYS_MORE ways.
    """
    found: set[Refused] = {Refused.NO_CODE}
    tried: set[bytes] = set()
    contents: list[FormContent] = []
    since = 0
    for seen in _readings(picture):
        for written in sorted(seen.codes - tried):
            try:
                contents.append(read(written, prover=prover))
            except CodeRefused as refusal:
                found.add(refusal.reason)
        tried |= seen.codes
        if len(contents) > 1:
            raise CodeRefused(Refused.SEVERAL)
        if contents:
            if since == WAYS_MORE or not (since or seen.seems_more):
                return contents[0]
            since += 1
    if contents:
        return contents[0]
    raise CodeRefused(next(reason for reason in TELLING if reason in found))


def read_codes(picture: Image.Image) -> list[bytes]:
    """What the codes on the picture say, whosever they are: bytes, each content once, in an order that means nothing.

    Those of the first way in which any is read. Only DataMatrix; QR codes and others are not looked for.
    """
    return sorted(next((seen.codes for seen in _readings(picture) if seen.codes), frozenset()))


@dataclass(frozen=True)
class _Seen:
    """What is read in one way, and whether there seems to be another code that is not."""

    codes: frozenset[bytes]
    seems_more: bool


def _readings(picture: Image.Image) -> Iterator[_Seen]:
    """What is read on the picture in each way of mending it; a way is gone only when it is asked for."""
    import zxingcpp  # noqa: PLC0415 -- web processes never load it

    page = _in_grey(picture)
    if max(page.size) > WORKED_SIDE:
        page = _sized(page, WORKED_SIDE)
    for mend in PREPARATIONS:
        mended = mend(page)
        found = zxingcpp.read_barcodes(
            mended,
            formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.DataMatrix),
            try_invert=False,
        )
        corners = [_corners(code.position) for code in found]
        yield _Seen(frozenset(code.bytes for code in found), _looks_like_more(mended, corners))


def _corners(position: Any) -> list[tuple[int, int]]:
    return [
        (corner.x, corner.y)
        for corner in (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    ]


def _looks_like_more(page: Image.Image, codes: list[list[tuple[int, int]]]) -> bool:
    """Whether a square of the page is as evenly half dark as a code is, and is none of these codes.

    A line of text is lighter and narrower, a shadow darker. Costs a tenth of what reading does.
    """
    cell = max(1, max(page.size) // CELLS)
    inked = page.point(lambda shade: PAPER * (shade < PAPER // 2)).reduce(cell)
    like_a_code = inked.point(lambda dark: PAPER * (LIGHTEST < dark < DARKEST))
    pen = ImageDraw.Draw(like_a_code)
    for corners in codes:
        pen.polygon([(x / cell, y / cell) for x, y in corners], fill=0, outline=0)
    return like_a_code.filter(ImageFilter.MinFilter(CODE_CELLS)).getbbox() is not None


def _check_size(picture: Image.Image) -> None:
    dots = picture.width * picture.height
    longest, shortest = max(picture.size), max(1, min(picture.size))
    if dots > MOST_DOTS or longest > MOST_SIDE or dots * _bytes_a_dot(picture) > MOST_UNPACKED:
        raise CodeRefused(Refused.PICTURE_TOO_LARGE)
    if longest > MOST_TIMES_AS_LONG * shortest:
        raise CodeRefused(Refused.NO_CODE)


def _bytes_a_dot(picture: Image.Image) -> int:
    """What `_in_grey` holds at once: the picture, what it is made into on the way, and the grey one."""
    if picture.mode.startswith("I;16"):
        return 2 + 4 + 4 + 1
    if "transparency" in picture.info or picture.mode == "PA":
        return 4 + 4 + 3
    if picture.mode in {"RGBA", "LA"}:
        return 4 + 3
    return 1 + 1 if picture.mode in {"1", "L", "P"} else 4 + 1


def _in_grey(picture: Image.Image) -> Image.Image:
    """One byte a dot, what is transparent on white. Refused before it is unpacked where it is too large."""
    _check_size(picture)
    if "transparency" in picture.info or picture.mode == "PA":
        picture = picture.convert("RGBA")
    if picture.mode in {"RGBA", "LA"}:
        paper = Image.new("L", picture.size, PAPER)
        paper.paste(picture.convert("L"), mask=picture.getchannel("A"))
        return paper
    if picture.mode.startswith("I;16"):
        return picture.convert("I").point(lambda shade: shade * (1 / 256)).convert("L")
    return picture.convert("L")


def _sized(page: Image.Image, side: int) -> Image.Image:
    """The page with `side` dots on its longer side, where that is no enlarging above MOST_ENLARGED.

    A few dots to a module are found best; more of them are only more noise.
    """
    share = min(side / max(page.size), MOST_ENLARGED)
    size = (max(1, round(page.width * share)), max(1, round(page.height * share)))
    return page.resize(size, Image.Resampling.BICUBIC)


def _blurred(page: Image.Image, radius: float) -> Image.Image:
    return page.filter(ImageFilter.GaussianBlur(radius))


def _thresholded(page: Image.Image, darker: int) -> Image.Image:
    """Black where a dot is so many shades darker than what is around it: light from a window falls away, and folds."""
    around = page.filter(ImageFilter.BoxBlur(max(page.size) // AROUND))
    return ImageChops.subtract(page, around, offset=PAPER).point(
        lambda shade: PAPER * (shade > PAPER - darker)
    )


def _turned(page: Image.Image, degrees: float) -> Image.Image:
    """Turned, so that the edges of a code are met elsewhere: where a fold or a speck does not lie."""
    return page.rotate(degrees, Image.Resampling.BILINEAR, expand=True, fillcolor=PAPER)


# Chosen by measuring: pages that are not read as they are, and what reads most of these in least time. A side of
# 1400 is A4 in 120 dots an inch.
PREPARATIONS: tuple[Callable[[Image.Image], Image.Image], ...] = (
    lambda page: ImageOps.autocontrast(_sized(page, 1_400), cutoff=5),
    lambda page: page,
    lambda page: _turned(_sized(page, 1_400), 45),
    lambda page: _turned(_sized(page, 1_640), 45),
    lambda page: _blurred(_sized(page, 2_300), 1),
    lambda page: _turned(_sized(page, 1_750), -20),
    lambda page: _thresholded(_blurred(_sized(page, 2_300), 1), 10),
    lambda page: _turned(_sized(page, 2_000), 45),
    lambda page: _blurred(_sized(page, 1_500), 0.6),
    lambda page: _thresholded(_blurred(_sized(page, 3_000), 1), 22),
    lambda page: _sized(page, 2_300).filter(ImageFilter.MedianFilter(3)),
    lambda page: _turned(_sized(page, 2_600), 45),
    lambda page: _sized(page, 3_000).filter(ImageFilter.MaxFilter(3)),
    lambda page: _blurred(_sized(page, WORKED_SIDE), 2),
    lambda page: _turned(_blurred(_sized(page, WORKED_SIDE), 1.5), 45),
)
