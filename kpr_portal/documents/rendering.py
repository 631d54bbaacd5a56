"""HTML to tagged PDF: PDF/UA-1 for the screen, PDF/A-3a for the archive.

WeasyPrint may load our own static files and nothing else, whatever the HTML says: no file, no
network, no `data:`.
"""

import gc
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
from pikepdf import Dictionary, Name

if TYPE_CHECKING:
    from weasyprint.text.fonts import FontConfiguration

# A name that no server has: addresses under it are our own static files.
STATIC_BASE = "https://static.invalid/"
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


def render_pdf(html: str, *, archive: bool = False) -> bytes:
    """A tagged PDF of a whole HTML page. Title and language are taken from the page itself.

    Relative addresses in the page are names of static files ("css/letter.css"). Raises
    OutsideOurFiles where the page asks for anything else.
    """
    # Slow to import, and pages never need it.
    from weasyprint import HTML  # noqa: PLC0415 -- slow import, worker only
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 -- slow import, worker only

    page = HTML(string=html, base_url=STATIC_BASE, url_fetcher=_fetcher())
    variant = ARCHIVE if archive else SCREEN
    try:
        raw = page.write_pdf(font_config=_fonts(), pdf_variant=variant, pdf_tags=True)
    except FatalURLFetchingError as error:
        raise OutsideOurFiles(str(error)) from error
    return _with_header_scopes(raw)


@lru_cache(maxsize=1)
def _fonts() -> "FontConfiguration":
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- slow import, worker only

    return FontConfiguration()


@worker_process_shutdown.connect
def forget_fonts(**_: object) -> None:
    """Remove the folder of fonts in the system's own for temporary files: a worker leaves nothing behind."""
    _fonts.cache_clear()
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


def _with_header_scopes(raw: bytes) -> bytes:
    """Say of each table header that it heads its column or its row: WeasyPrint leaves it out."""
    with pikepdf.open(BytesIO(raw)) as pdf:
        root = pdf.Root.get("/StructTreeRoot")
        if root is not None:
            _scope_headers(root)
        out = BytesIO()
        pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.preserve,
            deterministic_id=True,
        )
        return out.getvalue()


def _scope_headers(root: Any) -> None:
    waiting = [(root, False)]
    while waiting:
        element, in_body = waiting.pop()
        tag = element.get("/S") if isinstance(element, pikepdf.Dictionary) else None
        if tag == Name.TH and "/Scope" not in (element.get("/A") or {}):
            scope = Name.Row if in_body else Name.Column
            element["/A"] = Dictionary(O=Name.Table, Scope=scope)
        kids = element.get("/K") if isinstance(element, pikepdf.Dictionary) else element
        children = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        inside = in_body or tag == Name.TBody
        waiting += [(c, inside) for c in children if isinstance(c, pikepdf.Dictionary | pikepdf.Array)]
