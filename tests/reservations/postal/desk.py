"""A caseworker's desk: pages as they come back, printed, carried about, and scanned or photographed.

Any page goes in: a PDF (`printed`), or a picture that a test has drawn (`drawn_page`). What happens to it is
a `Damage`, drawn from a seed, so that each page can be made again. Nothing here looks into what it tests, but
for the two codes' places on the clean page.
"""

import io
import random
from dataclasses import dataclass
from functools import cache

import numpy as np
import pypdfium2
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from reservations.postal.symbol import Symbol

A4_MM = (210, 297)
MARGIN_MM = 15
DPIS = (150, 200, 300)
INCH_MM = 25.4
PAPER = 255
COARSE = 4

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Damage:
    """What happens to one page between our printer and the screen of casework; lengths in millimetres."""

    seed: int
    black_and_white: int | None = None  # the threshold; None where it is scanned in grey
    turned: int = 0  # quarters
    askew: float = 0  # degrees
    shear: float = 0  # degrees
    noise: float = 0  # standard deviation, of 255
    specks: float = 0  # share of the dots
    blur: float = 0  # standard deviation
    jpeg: int | None = None  # quality
    coffee: int | None = None  # over which of the two codes
    folds: tuple[float, ...] = ()  # heights, as share of the page
    tilt: float = 0  # how far a corner of a photograph is moved, as share of the page
    shade: float = 0  # how much darker one side of a photograph is

    @property
    def names(self) -> frozenset[str]:
        """What happened, as words, for a table."""
        happened = {
            "black and white": self.black_and_white is not None,
            "grey": self.black_and_white is None,
            "quarter turns": self.turned,
            "askew": self.askew,
            "skewed": self.shear,
            "noise": self.noise or self.specks,
            "blur": self.blur,
            "jpeg": self.jpeg,
            "coffee": self.coffee is not None,
            "folded": self.folds,
            "photographed": self.tilt,
        }
        return frozenset(name for name, yes in happened.items() if yes)


def drawn_damage(seed: int) -> Damage:
    """A combination of damages, each as likely as not, and each as strong as it may be."""
    rng = random.Random(seed)  # noqa: S311 -- the same each time

    def maybe(low, high, otherwise=0.0):
        return rng.uniform(low, high) if rng.random() < 0.5 else otherwise

    return Damage(
        seed=seed,
        black_and_white=rng.choice([None, rng.randint(100, 180)]),
        turned=rng.randrange(4),
        askew=maybe(-8, 15),
        shear=maybe(-4, 4),
        noise=maybe(5, 30),
        specks=maybe(0.001, 0.01),
        blur=maybe(0.05, 0.15),
        jpeg=rng.choice([None, 30]),
        coffee=rng.choice([None, 0, 1]),
        folds=tuple(rng.uniform(0.03, 0.97) for _ in range(rng.choice([0, 0, 1, 2, 3]))),
        tilt=maybe(0.02, 0.07),
        shade=rng.uniform(0.1, 0.5),
    )


@dataclass
class Page:
    """A clean page as a grey picture, and where its codes are: boxes in dots, the highest on the page first."""

    picture: Image.Image
    dpi: int
    codes: list[Box]

    def dots(self, mm: float) -> float:
        return mm / INCH_MM * self.dpi


def printed(pdf: bytes, *, dpi: int) -> list[Page]:
    """The sheets of a PDF as the printer and the scanner see them before anything happens."""
    opened = pypdfium2.PdfDocument(pdf)
    try:
        pictures = [sheet.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for sheet in opened]
    finally:
        opened.close()
    return [Page(picture, dpi, _places(picture)) for picture in pictures]


def _places(picture):
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.DataMatrix)
    # They stand straight: two corners are enough.
    boxes = [(c.position.top_left, c.position.bottom_right) for c in found]
    return sorted(((a.x, a.y, b.x, b.y) for a, b in boxes), key=lambda box: box[1])


def drawn_page(symbol: Symbol, *, dpi: int, symbols: int = 2) -> Page:
    """A page of print with the symbol at its top right and bottom right, as the forms have it."""
    picture = _print(dpi).copy()
    dot = dpi / INCH_MM
    drawn = _picture_of(symbol, dpi=dpi)
    wide, quiet = drawn.width, round(symbol.quiet_mm * dot)
    left = round((A4_MM[0] - MARGIN_MM) * dot) - wide
    codes = []
    for top in [round(MARGIN_MM * dot), round((A4_MM[1] - MARGIN_MM) * dot) - wide][:symbols]:
        picture.paste(PAPER, (left - quiet, top - quiet, left + wide + quiet, top + wide + quiet))
        picture.paste(drawn, (left, top))
        codes.append((left, top, left + wide, top + wide))
    return Page(picture, dpi, codes)


@cache
def _print(dpi):
    """A page of print, and a box to tick."""
    dot = dpi / INCH_MM
    picture = Image.new("L", tuple(round(mm * dot) for mm in A4_MM), PAPER)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=4 * dot)
    words = "Jeg reserverer meg mot at opplysninger om meg utleveres. "
    for line in range(32):
        pen.text((20 * dot, (20 + 8 * line) * dot), words[line:] + words[: line + 12], fill=30, font=font)
    pen.rectangle([20 * dot, 150 * dot, 190 * dot, 162 * dot], outline=0, width=max(1, round(dot / 4)))
    return picture


def _picture_of(symbol, *, dpi):
    """The symbol as dots of grey, its edges between the dots as printers leave them."""
    sharp = Image.new("L", (symbol.side, symbol.side))
    sharp.putdata([0 if dark else PAPER for row in symbol.modules for dark in row])
    fine = sharp.resize((symbol.side * 16, symbol.side * 16), Image.Resampling.NEAREST)
    wide = round(symbol.size_mm / INCH_MM * dpi)
    return fine.resize((wide, wide), Image.Resampling.BOX)


def damaged(page: Page, damage: Damage) -> Image.Image:
    """The page after all that, in the order it happens: on paper, before the glass, and in the machine."""
    rng = np.random.default_rng(damage.seed)
    picture = _stained(page, damage, rng)
    picture = _folded(picture, page, damage, rng)
    picture = _laid_askew(picture, damage)
    if damage.tilt:
        picture = _photographed(picture, damage, rng)
    if damage.blur:
        picture = picture.filter(ImageFilter.GaussianBlur(page.dots(damage.blur)))
    picture = _noisy(picture, damage, rng)
    if damage.black_and_white is not None:
        picture = _black_and_white(picture, page, damage)
    picture = picture.rotate(90 * damage.turned, expand=True)
    if damage.jpeg:
        kept = io.BytesIO()
        picture.save(kept, "JPEG", quality=damage.jpeg)
        picture = Image.open(kept)
        picture.load()
    return picture


def _stained(page, damage, rng):
    """A cup was set on one of the codes, and spilt: a ring, and a pool that nothing is read through."""
    if damage.coffee is None or damage.coffee >= len(page.codes):
        return page.picture
    # Drawn small and blown up: a stain has no sharp edge.
    left, top, right, bottom = (place / COARSE for place in page.codes[damage.coffee])
    wide = right - left
    x, y = rng.uniform(left, right), rng.uniform(top, bottom)
    stain = Image.new("L", tuple(length // COARSE for length in page.picture.size), PAPER)
    pen = ImageDraw.Draw(stain)
    ring = 1.1 * wide
    pen.ellipse(
        [x - ring, y - ring, x + ring, y + ring], fill=185, outline=90, width=max(1, round(wide / 12))
    )
    for _ in range(6):
        cx, cy, r = rng.uniform(left, right), rng.uniform(top, bottom), rng.uniform(0.08, 0.25) * wide
        pen.ellipse([cx - r, cy - r, cx + r, cy + r], fill=int(rng.uniform(20, 110)))
    return ImageChops.multiply(page.picture, stain.resize(page.picture.size, Image.Resampling.BICUBIC))


def _folded(picture, page, damage, rng):
    """Across: a fold's two sides catch the light apart, and the ink cracks along it."""
    rows = np.arange(picture.height)
    light = np.ones(picture.height)
    cracks = Image.new("L", picture.size)
    for share in damage.folds:
        at = share * picture.height
        light *= 1 - rng.uniform(0.05, 0.3) * np.exp(-np.abs(rows - at) / page.dots(6)) * (rows > at)
        wide = max(1, round(page.dots(rng.uniform(0.2, 0.6))))
        lost = (rng.random((wide, picture.width)) < 0.7).astype(np.uint8) * PAPER
        cracks.paste(Image.fromarray(lost), (0, round(at)))
    if damage.folds:
        shades = Image.fromarray((light * PAPER).astype(np.uint8)[:, None]).resize(picture.size)
        picture = ImageChops.multiply(picture, shades)
        picture.paste(235, mask=cracks)
    return picture


def _laid_askew(picture, damage):
    if damage.shear:
        slope = np.tan(np.radians(damage.shear))
        picture = picture.transform(
            (round(picture.width + abs(slope) * picture.height), picture.height),
            Image.Transform.AFFINE,
            (1, slope, -slope * picture.height if slope > 0 else 0, 0, 1, 0),
            Image.Resampling.BILINEAR,
            fillcolor=PAPER,
        )
    if damage.askew:
        picture = picture.rotate(damage.askew, Image.Resampling.BILINEAR, expand=True, fillcolor=PAPER)
    return picture


def _photographed(picture, damage, rng):
    """From the side, on a dark table, in light from a window."""
    wide, high = picture.size
    corners = [(0, 0), (wide, 0), (wide, high), (0, high)]
    inward = [(1, 1), (-1, 1), (-1, -1), (1, -1)]
    seen = [
        (x + dx * rng.uniform(0.01, damage.tilt) * wide, y + dy * rng.uniform(0.01, damage.tilt) * high)
        for (x, y), (dx, dy) in zip(corners, inward, strict=True)
    ]
    picture = picture.transform(
        picture.size,
        Image.Transform.PERSPECTIVE,
        _perspective(seen, corners),
        Image.Resampling.BICUBIC,
        fillcolor=60,
    )
    direction = rng.uniform(0, 2 * np.pi)
    x, y = np.meshgrid(np.linspace(-0.5, 0.5, 32), np.linspace(-0.5, 0.5, 32))
    light = 1 - damage.shade * (0.5 + (x * np.cos(direction) + y * np.sin(direction)) / np.sqrt(2))
    shades = Image.fromarray((light * PAPER).astype(np.uint8)).resize(picture.size, Image.Resampling.BICUBIC)
    return ImageChops.multiply(picture, shades)


def _perspective(seen, corners):
    """Pillow's eight coefficients that bring each seen place from its corner."""
    rows, wanted = [], []
    for (x, y), (u, v) in zip(seen, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return np.linalg.solve(np.array(rows), np.array(wanted))


def _noisy(picture, damage, rng):
    """Grain and specks. Of a square of 512 dots, laid again and again, since drawing millions takes too long."""
    tile = np.zeros((512, 512), dtype=np.int16)
    if damage.noise:
        tile += (rng.standard_normal(tile.shape) * damage.noise).astype(np.int16)
    fallen = rng.random(tile.shape)
    tile[fallen < damage.specks / 2] = -PAPER
    tile[fallen > 1 - damage.specks / 2] = PAPER
    for sign, blend in ((1, ImageChops.add), (-1, ImageChops.subtract)):
        grain = Image.fromarray((tile * sign).clip(0, PAPER).astype(np.uint8))
        picture = blend(picture, _laid_out(grain, picture.size)) if grain.getbbox() else picture
    return picture


def _laid_out(tile, size):
    whole = Image.new("L", size)
    for x in range(0, size[0], tile.width):
        for y in range(0, size[1], tile.height):
            whole.paste(tile, (x, y))
    return whole


def _black_and_white(picture, page, damage):
    """As a scanner does it: one threshold for all; a telephone's: one for each neighbourhood."""
    if not damage.tilt:
        return picture.point(lambda shade: 255 * (shade > damage.black_and_white))
    around = picture.filter(ImageFilter.BoxBlur(page.dots(5))).point(
        lambda shade: shade * damage.black_and_white // 200
    )
    return ImageChops.subtract(picture, around).point(lambda shade: PAPER * (shade > 0))
