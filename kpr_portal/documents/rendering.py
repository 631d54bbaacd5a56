"""HTML to tagged PDF: PDF/UA-1 for the screen, PDF/A-3a for the archive.

WeasyPrint may load our own static files and nothing else, whatever the HTML says: no file, no
network, no `data:`.
"""

import atexit
import gc
import re
import warnings
from functools import lru_cache
from io import BytesIO
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pikepdf
from celery.signals import worker_process_shutdown
from django.conf import settings
from django.contrib.staticfiles import finders

from kpr_portal.documents.drawings import put_back, without_drawings
from kpr_portal.documents.fields import have_fields
from kpr_portal.documents.tagging import finish_tags

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

# A name that no server has: addresses under it are our own static files.
STATIC_BASE = "https://static.invalid/"
STYLE_LINK = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
FIELD_FONT = "inter-500.woff2"
SCREEN, ARCHIVE = "pdf/ua-1", "pdf/a-3a"


class OutsideOurFiles(ValueError):
    """A document asked for something that is not one of our own static files."""


def static_file(url: str) -> Path:
    """The static file behind an address under STATIC_BASE. Raises OutsideOurFiles."""
    if not url.startswith(STATIC_BASE):
        raise OutsideOurFiles
    name = unquote(urlsplit(url).path).lstrip("/")
    root = Path(settings.STATIC_ROOT).resolve()
    collected = (root / name).resolve()
    if collected.is_relative_to(root) and collected.is_file():
        return collected
    try:
        found = finders.find(name)
    except Exception as error:  # a suspicious path, in whichever way it is refused
        raise OutsideOurFiles from error
    if not found:
        raise OutsideOurFiles
    return Path(str(found))


def render_pdf(html: str, *, archive: bool = False, fillable: bool = False) -> bytes:
    """A tagged PDF of a whole HTML page. Title and language are taken from the page itself.

    A `fillable` one has a field to type in for each `input` and `textarea` (see `fields`). Relative
    addresses in the page are names of static files ("css/letter.css"). Raises OutsideOurFiles where the
    page asks for anything else.
    """
    # Slow to import, and pages never need it.
    from weasyprint import HTML  # noqa: PLC0415 -- slow import, worker only
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 -- slow import, worker only

    html, styles = _without_styles(html)
    html, drawings = without_drawings(html)
    page = HTML(string=html, base_url=STATIC_BASE, url_fetcher=_fetcher())
    variant = ARCHIVE if archive else SCREEN
    try:
        with warnings.catch_warnings():
            # WeasyPrint leaves the colour profile of an archive copy open until Python collects it.
            warnings.simplefilter("ignore", ResourceWarning)
            raw = page.write_pdf(
                finisher=lambda _document, pdf: put_back(pdf, drawings),
                font_config=_fonts(),
                stylesheets=[_style(name, _changed(name)) for name in styles],
                pdf_variant=variant,
                pdf_tags=True,
                pdf_forms=fillable or None,
            )
    except FatalURLFetchingError as error:
        raise OutsideOurFiles(str(error)) from error
    except OSError:
        # A font of which half was written counts as had from then on, and the next document would go without it.
        forget_fonts()
        raise
    return _finished(raw, fillable=fillable)


def _without_styles(html: str) -> tuple[str, list[str]]:
    """The page without the links in its head to stylesheets, and the names of those."""
    head, end, body = html.partition("</head>")
    return STYLE_LINK.sub("", head) + end + body, STYLE_LINK.findall(head)


def _changed(name: str) -> int:
    return static_file(STATIC_BASE + name).stat().st_mtime_ns


@lru_cache(maxsize=16)
def _style(name: str, _changed_at: int) -> "CSS":
    """A stylesheet, read once a process: that takes a fifth of the time of a page."""
    from weasyprint import CSS  # noqa: PLC0415 -- slow import, worker only

    return CSS(url=STATIC_BASE + name, url_fetcher=_fetcher(), font_config=_fonts())


@lru_cache(maxsize=1)
def _fonts() -> "FontConfiguration":
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- slow import, worker only

    atexit.register(forget_fonts)  # while there still is what removes them
    return FontConfiguration()


@worker_process_shutdown.connect
def forget_fonts(**_: object) -> None:
    """Remove the folder of fonts in the system's own for temporary files: a worker leaves nothing behind."""
    _style.cache_clear()
    _fonts.cache_clear()
    gc.unfreeze()  # see `warming`
    gc.collect()  # the fonts know each other, so that letting go of them is not enough


@lru_cache(maxsize=1)
def _fetcher() -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415 -- slow

    class OurFilesOnly(URLFetcher):  # type: ignore[misc, unused-ignore]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:  # noqa: ARG002
            try:
                path = static_file(url)
            except OutsideOurFiles as error:
                msg = "A document may only load our own static files."
                raise FatalURLFetchingError(msg) from error
            # Without its type a stylesheet is taken for plain text, and left out.
            kind = guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, body=path.read_bytes(), headers={"Content-Type": kind})

    return OurFilesOnly()


def _finished(raw: bytes, *, fillable: bool) -> bytes:
    """With the tags and the fields as every reader needs them."""
    with pikepdf.open(BytesIO(raw)) as pdf:
        finish_tags(pdf)
        if fillable:
            have_fields(pdf, font=static_file(STATIC_BASE + FIELD_FONT).read_bytes())
        out = BytesIO()
        pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.preserve,
            deterministic_id=True,
        )
        return out.getvalue()
