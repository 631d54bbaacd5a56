"""Fields to type in, in a finished PDF: what WeasyPrint leaves out for them to work in every reader.

It gives each field the font of the page, with an encoding by glyph that no reader can type in, and all of that
font. Here they get one simple font with the letters of Western Europe (WinAnsi), embedded once.
"""

from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

FONT_NAME = "Typed"
BASE_FONT = "/KPRAAA+Inter-Medium"
FIRST, LAST = 32, 255
NONSYMBOLIC = 1 << 5
COMB = 1 << 24
# The rule of our forms: a field so named is a row of boxes, as many as it takes characters.
ROW_OF_BOXES = "_number"
DA_FONT = re.compile(rb"/(\S+) ([\d.]+) Tf")


def have_fields(pdf: pikepdf.Pdf, *, font: bytes) -> None:
    """Let the fields of this PDF be typed in; `font` is a TrueType font (WOFF2) of our own. No fields: nothing."""
    form = pdf.Root.get("/AcroForm")
    if form is None:
        return
    typed = pdf.make_indirect(_font(pdf, font))
    form["/DR"] = Dictionary(Font=Dictionary({f"/{FONT_NAME}": typed}))
    replaced = set()
    for field in form.Fields:
        if "/DA" in field:
            before = bytes(field.DA)
            replaced |= {name.decode() for name, _ in DA_FONT.findall(before)}
            field.DA = String(DA_FONT.sub(rb"/Typed \2 Tf", before).decode())
        if str(field.T).endswith(ROW_OF_BOXES):
            field.Ff = int(field.get("/Ff", 0)) | COMB
    _forget_fonts(pdf, replaced)


def _forget_fonts(pdf: pikepdf.Pdf, names: set[str]) -> None:
    """Leave out the fonts that only fields had."""
    for page in pdf.pages:
        written = page.Contents.read_bytes()
        fonts: Any = page.Resources.get("/Font", {})
        for name in names:
            if f"/{name}" in fonts and f"/{name} ".encode() not in written:
                del fonts[f"/{name}"]


def _font(pdf: pikepdf.Pdf, woff: bytes) -> Dictionary:
    program, widths, facts = _simple(woff)
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name(BASE_FONT),
        Flags=NONSYMBOLIC,
        StemV=100,
        ItalicAngle=0,
        FontFile2=pdf.make_stream(program, Length1=len(program)),
        **facts,
    )
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.TrueType,
        BaseFont=Name(BASE_FONT),
        Encoding=Name.WinAnsiEncoding,
        FirstChar=FIRST,
        LastChar=LAST,
        Widths=Array(widths),
        FontDescriptor=pdf.make_indirect(descriptor),
    )


@lru_cache(maxsize=2)
def _simple(woff: bytes) -> tuple[bytes, tuple[int, ...], dict[str, Any]]:
    """The font with the letters of WinAnsi alone: its program, the widths of the codes, and its measures."""
    from fontTools import subset  # noqa: PLC0415 -- slow import, worker only
    from fontTools.ttLib import TTFont  # noqa: PLC0415 -- slow import, worker only

    letters = {code: bytes([code]).decode("cp1252", errors="replace") for code in range(FIRST, LAST + 1)}
    font = TTFont(BytesIO(woff))
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, name_IDs=[1, 2, 6])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(letter) for letter in letters.values()])
    cutter.subset(font)
    font.flavor = None
    out = BytesIO()
    font.save(out)
    scale, cmap, metrics = 1000 / font["head"].unitsPerEm, font.getBestCmap(), font["hmtx"]
    widths = tuple(round(metrics[cmap.get(ord(letter), ".notdef")][0] * scale) for letter in letters.values())
    head, hhea = font["head"], font["hhea"]
    facts = {
        "FontBBox": Array([round(one * scale) for one in (head.xMin, head.yMin, head.xMax, head.yMax)]),
        "Ascent": round(hhea.ascent * scale),
        "Descent": round(hhea.descent * scale),
        "CapHeight": round(getattr(font["OS/2"], "sCapHeight", hhea.ascent) * scale),
    }
    return out.getvalue(), widths, facts
