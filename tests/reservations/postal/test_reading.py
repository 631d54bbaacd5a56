import io
import struct
import zlib
from time import process_time

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile, ImageOps

from reservations.postal import reading
from reservations.postal.code import CodeRefused, FormContent, FormKind, FormLanguage, Refused, Tag, write
from reservations.postal.code_numbers import CHOICES
from reservations.postal.reading import MOST_DOTS, open_picture, read_codes, read_form
from reservations.postal.symbol import Symbol, draw
from tests.reservations.postal.desk import Page, damaged, drawn_damage, drawn_page
from tests.reservations.postal.rings import FIXED
from tests.reservations.postal.test_code import ring

KPR = {Tag.PERSON_NAME: "Åse Ærlig-Øvrebø", Tag.PERSON_NUMBER: "00000000191", Tag.CHOICES: "purpose_2+"}
FILLED = FormContent(FormKind.RESERVATION, FormLanguage.BOKMAL, KPR)
OTHER = FormContent(FormKind.RESERVATION, FormLanguage.BOKMAL, {**KPR, Tag.CHOICES: "purpose_2-"})
BLANK = FormContent(FormKind.INSIGHT, FormLanguage.ENGLISH)
WRITTEN = write(FILLED, prover=FIXED)
CHOICE = bytes([Tag.CHOICES, 1, CHOICES["purpose_2+"]])


def page_of(*codes, dpi=150):
    """A page with these codes beneath each other; each is bytes, or a symbol."""
    page = Image.new("L", (1240, 1754), 255)
    for place, code in enumerate(codes):
        symbol = code if isinstance(code, Symbol) else draw(code)
        picture = drawn_page(symbol, dpi=dpi, symbols=1).picture.crop((900, 60, 1240, 340))
        page.paste(picture, (100 + 420 * (place % 2), 100 + 320 * place))
    return page


def reason(picture, prover=FIXED):
    with pytest.raises(CodeRefused) as error:
        read_form(picture, prover=prover)
    return error.value.reason


def of_format(written, kind):
    """A code of another kind, as others print them."""
    made = zxingcpp.create_barcode(written, kind)
    return Image.fromarray(np.array(zxingcpp.write_barcode_to_image(made, scale=4)))


@pytest.mark.parametrize("content", [FILLED, BLANK], ids=["filled", "blank"])
def test_content_is_read_from_either_code(content):
    page = page_of(write(content, prover=FIXED), write(content, prover=FIXED))
    one = page_of(write(content, prover=FIXED))

    assert read_form(page, prover=FIXED) == content
    assert read_form(one, prover=FIXED) == content


@pytest.mark.parametrize(
    ("written", "reason_given"),
    [
        (WRITTEN[:-1] + bytes([WRITTEN[-1] ^ 1]), Refused.CHANGED),
        (WRITTEN.replace(CHOICE, bytes([Tag.CHOICES, 1, CHOICES["purpose_2-"]])), Refused.CHANGED),
        (WRITTEN[:2] + b"\x07" + WRITTEN[3:], Refused.UNKNOWN_VERSION),
        (WRITTEN[:8], Refused.MALFORMED),
        (b"https://example.no/innsyn", Refused.NOT_OURS),
    ],
    ids=["wrong proof", "another choice", "version", "cut short", "another's"],
)
def test_code_that_is_refused_gives_no_content_and_its_own_reason(written, reason_given):
    assert reason(page_of(written)) is reason_given


def test_form_of_another_installation_is_not_read():
    other = ring({**FIXED_KEYS, "id": "0badcafe"})

    assert reason(page_of(write(FILLED, prover=other))) is Refused.UNKNOWN_KEY


FIXED_KEYS = {"aes": "AA" * 21 + "A=", "blake": "BB" * 21 + "A="}


def test_what_says_most_is_the_reason_where_codes_are_refused_for_different_ones():
    assert reason(page_of(b"123456789012", WRITTEN[:-1] + b"\0")) is Refused.CHANGED


def test_codes_of_others_on_the_page_are_passed_over():
    page = page_of(b"]d1 0107038010000123", WRITTEN, b"KPZ 7,50")
    page.paste(of_format(b"https://example.no", zxingcpp.BarcodeFormat.QRCode), (700, 1300))
    page.paste(of_format(b"370123456789", zxingcpp.BarcodeFormat.EAN13), (100, 1400))

    assert read_form(page, prover=FIXED) == FILLED
    assert read_codes(page) == sorted([b"]d1 0107038010000123", WRITTEN, b"KPZ 7,50"])


def test_our_bytes_in_a_code_of_another_kind_are_not_read():
    assert reason(of_format(WRITTEN, zxingcpp.BarcodeFormat.QRCode)) is Refused.NO_CODE


def test_page_with_two_different_contents_is_for_a_person_to_look_at():
    page = page_of(WRITTEN, write(OTHER, prover=FIXED))

    assert reason(page) is Refused.SEVERAL


def page_with_another_hard_to_read(seed):
    """Two forms' codes on one page, and what happened to it; one is read at once, the other in another way."""
    page, other = (drawn_page(draw(written), dpi=150) for written in (WRITTEN, write(OTHER, prover=FIXED)))
    left, top, right, bottom = page.codes[1]
    page.picture.paste(255, (left - 10, top - 10, right + 10, bottom + 10))
    page.picture.paste(other.picture.crop(other.codes[1]), other.codes[1][:2])
    return damaged(Page(page.picture, page.dpi, [page.codes[0], other.codes[1]]), drawn_damage(seed))


@pytest.mark.parametrize("seed", [1036, 1041, 1105])
def test_other_form_that_only_another_way_reads_is_found_too(seed):
    picture = page_with_another_hard_to_read(seed)

    assert len(read_codes(picture)) == 1
    assert reason(picture) is Refused.SEVERAL


def test_ordinary_page_is_looked_at_in_one_way(monkeypatch):
    looked = []
    ways = [lambda page, way=way: looked.append(way) or way(page) for way in reading.PREPARATIONS]
    monkeypatch.setattr(reading, "PREPARATIONS", ways)
    pages = [
        drawn_page(draw(WRITTEN), dpi=dpi, symbols=symbols) for dpi in (150, 200, 300) for symbols in (1, 2)
    ]

    assert [read_form(page.picture, prover=FIXED) for page in pages] == [FILLED] * len(pages)
    assert len(looked) == len(pages)


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_changed_modules_give_the_content_or_nothing(data):
    """Some are mended by the code's own correction of errors; too many are refused, and never another content."""
    symbol = draw(WRITTEN)
    places = st.tuples(st.integers(0, symbol.side - 1), st.integers(0, symbol.side - 1))
    changed = [list(row) for row in symbol.modules]
    for x, y in data.draw(st.sets(places, max_size=400)):
        changed[y][x] = not changed[y][x]
    small = Image.new("L", (symbol.side + 4, symbol.side + 4), 255)
    small.paste(Image.fromarray(np.where(changed, 0, 255).astype(np.uint8)), (2, 2))

    try:
        found = read_form(
            small.resize((small.width * 4, small.height * 4), Image.Resampling.NEAREST), prover=FIXED
        )
    except CodeRefused:
        found = None

    assert found in (FILLED, None)


@pytest.mark.parametrize("seed", range(2))
def test_picture_of_noise_is_refused(seed):
    noise = np.random.default_rng(seed).integers(0, 256, (1754, 1240), dtype=np.uint8)

    assert reason(Image.fromarray(noise)) is Refused.NO_CODE


@pytest.mark.parametrize(
    "mode", ["1", "P", "L", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I", "F", "I;16"]
)
def test_picture_of_any_mode_is_read(mode):
    page = page_of(WRITTEN)
    if mode.startswith("I;16"):
        order = ">u2" if mode == "I;16B" else "<u2"
        picture = Image.fromarray((np.asarray(page).astype(np.uint16) * 257).astype(order))
    elif mode in {"LA", "RGBA"}:
        picture = Image.new("RGBA", page.size, (0, 0, 0, 0))  # dark on nothing
        picture.paste((0, 0, 0, 255), mask=ImageOps.invert(page))
        picture = picture.convert(mode)
    elif mode in {"P", "HSV", "YCbCr", "CMYK"}:
        picture = page.convert("RGB").convert(mode)
    else:
        picture = page.convert(mode)

    assert picture.mode == mode
    assert read_form(picture, prover=FIXED) == FILLED


@pytest.mark.parametrize("size", [(1, 1), (1, 21), (1, 12_000), (12_000, 601), (3, 3), (7_000, 7_000)])
def test_picture_of_an_odd_size_is_refused_and_soon(size):
    begun = process_time()

    assert reason(Image.new("L", size, 200)) is Refused.NO_CODE
    assert process_time() - begun < 20


def test_picture_with_too_many_dots_is_refused_as_such():
    """One bit a dot costs nothing to make; as bytes it would be a gigabyte."""
    assert reason(Image.new("1", (32_000, 32_000))) is Refused.PICTURE_TOO_LARGE


def opened(file):
    with pytest.raises(CodeRefused) as error:
        open_picture(io.BytesIO(file))
    return error.value.reason


def png(wide, high, *, bits=8, colour=0):
    """A PNG that says it is so large, and is a few hundred bytes. Of PNG's kinds of colour 0 is grey, 6 RGBA."""

    def part(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", wide, high, bits, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"IDAT", zlib.compress(bytes(4096)))
        + part(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [7_072, 12_000, 30_000, 2**31 - 1])
def test_file_that_unpacks_to_too_much_is_refused_unopened(side):
    assert side * side > MOST_DOTS
    assert opened(png(side, side)) is Refused.PICTURE_TOO_LARGE


@pytest.mark.parametrize("size", [(50_000_000, 1), (1, 50_000_000), (12_001, 4_000)])
def test_strip_that_no_scanner_makes_is_refused_before_it_costs_anything(size, monkeypatch):
    """Few enough dots, and made smaller with a table of gigabytes where it was not refused."""
    done = []
    for kind, work in [(ImageFile.ImageFile, "load"), *((Image.Image, work) for work in WORK)]:
        monkeypatch.setattr(kind, work, lambda *_, work=work, **__: done.append(work))

    assert opened(png(*size)) is Refused.PICTURE_TOO_LARGE
    assert reason(Image.new("L", size)) is Refused.PICTURE_TOO_LARGE
    assert done == []


WORK = ("load", "convert", "resize", "reduce")


@pytest.mark.parametrize(
    ("side", "file"), [(6_000, {"colour": 6}), (4_800, {"bits": 16})], ids=["RGBA", "16 bits"]
)
def test_dots_of_many_bytes_are_counted_as_such(side, file):
    """As many dots of one byte are opened, and then found to be cut short."""
    assert opened(png(side, side, **file)) is Refused.PICTURE_TOO_LARGE
    assert opened(png(side, side)) is Refused.NO_PICTURE


@pytest.mark.parametrize(
    ("dpi", "mode"), [(600, "1"), (600, "L"), (600, "RGB"), (600, "RGBA"), (600, "CMYK"), (400, "I;16")]
)
def test_page_that_a_scanner_makes_is_not_too_large(dpi, mode):
    file = io.BytesIO()
    Image.new(mode, (round(8.27 * dpi), round(11.69 * dpi))).save(file, "TIFF", compression="tiff_lzw")
    file.seek(0)

    assert open_picture(file).mode == "L"


OTHER_FILES = {
    "nothing": b"",
    "a pdf": b"%PDF-1.7",
    "an svg": b"<svg/>",
    "a beginning": b"\x89PNG\r\n\x1a\n",
    "half a png": png(100, 100)[:60],
    "a jpeg of nothing": b"\xff\xd8\xff\xe0" * 9,
}


@pytest.mark.parametrize("beside_pdfs", [False, True])
@pytest.mark.parametrize("file", OTHER_FILES.values(), ids=OTHER_FILES)
def test_file_that_is_no_whole_picture_is_refused_as_such(file, beside_pdfs, monkeypatch):
    """What draws PDFs in the same process lets Pillow take half a picture for a whole one."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", beside_pdfs)

    assert opened(file) is Refused.NO_PICTURE
    assert ImageFile.LOAD_TRUNCATED_IMAGES is beside_pdfs


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_file_of_a_scan_is_opened_and_read(kind):
    file = io.BytesIO()
    page_of(WRITTEN).convert("RGB").save(file, kind)
    file.seek(0)

    assert read_form(open_picture(file), prover=FIXED) == FILLED


def test_refusal_says_nothing_of_what_was_read():
    with pytest.raises(CodeRefused) as error:
        read_form(page_of(WRITTEN[:-1] + b"\0"), prover=FIXED)

    assert str(error.value) == "changed"
