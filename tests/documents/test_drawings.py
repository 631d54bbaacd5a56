"""Drawings of rectangles are the same to the eye and to who hears, and in the PDF once."""

from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from weasyprint import HTML

from kpr_portal.documents.rendering import STATIC_BASE, _fetcher, render_pdf

STEPS = "M0 0h3v1h-3zM4 0h1v2h-1zM0 2h1v1h-1zM2 2h3v3h-3z"
OTHER = "M1 1h2v2h-2z"
PAGE = """<!doctype html><html lang="nb"><head><title>Kode</title><style>
@page {{ size: 80mm 60mm; margin: 5mm }} svg {{ display: block; margin: 1.37mm }}
.second {{ break-before: page; color: #555 }}
</style></head><body>{}</body></html>"""


def drawn(path, *, more="", about="Kode"):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="15.3mm" height="15.3mm" viewBox="0 0 5 5" role="img"{more}>'
        f'<title>{about}</title><path d="{path}"/></svg>'
    )


def pictures(pdf):
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=300 / 72).to_pil().tobytes() for page in document]
    finally:
        document.close()


def bare(html):
    """As WeasyPrint alone draws it."""
    page = HTML(string=html, base_url=STATIC_BASE, url_fetcher=_fetcher())
    return page.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)


def forms_of(pdf):
    """Each form XObject, once, however many pages know of it."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        found = {one.objgen: one.read_bytes() for one in opened.objects if is_form(one)}
    return sorted(found.values())


def is_form(one):
    return isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Form"


TWO_PAGES = PAGE.format(
    drawn(STEPS) + drawn(OTHER) + f'<div class="second" style="transform: rotate(7deg)">{drawn(STEPS)}</div>'
)


def test_drawings_look_as_weasyprint_draws_them_on_every_page():
    made = pictures(render_pdf(TWO_PAGES))

    assert len(made) == 2
    assert made == pictures(bare(TWO_PAGES))


def test_each_drawing_is_in_the_file_once():
    assert forms_of(render_pdf(TWO_PAGES)) == [
        b"0 0 3 1 re\n4 0 1 2 re\n0 2 1 1 re\n2 2 3 3 re\nf",
        b"1 1 2 2 re\nf",
    ]


def test_drawing_keeps_its_tag_and_its_words():
    with pikepdf.open(BytesIO(render_pdf(PAGE.format(drawn(STEPS, about="Koden"))))) as pdf:
        figures = [
            one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
        ]

        assert [str(figure.Alt) for figure in figures] == ["Koden"]
        assert b"/Figure" in pdf.pages[0].Contents.read_bytes().split(b"/Drawing0 Do")[0]


def test_what_is_typed_is_no_drawing_and_no_stand_in():
    typed = '&lt;path d="M0 0h3v1h-3z"/&gt; 0 0 m -90210 0 l h f /Drawing0 Do'
    pdf = render_pdf(PAGE.format(f"<p>{typed}</p>"))

    assert forms_of(pdf) == []
    assert pictures(pdf) == pictures(bare(PAGE.format(f"<p>{typed}</p>")))


@pytest.mark.parametrize("path", ["M0 0h5v5z", "M0 0h3v1h-3z M1 1h2v2h-2z", "M0 0C1 1 2 2 3 3z"])
def test_other_paths_are_left_to_weasyprint(path):
    page = PAGE.format(drawn(path))
    pdf = render_pdf(page)

    assert forms_of(pdf) == []
    assert pictures(pdf) == pictures(bare(page))


def test_page_that_would_lose_a_drawing_is_not_made():
    hidden = drawn(STEPS, more=' style="display: none"')

    with pytest.raises(ValueError, match="Of 1 drawings 0 have a place on a page"):
        render_pdf(PAGE.format(hidden))
