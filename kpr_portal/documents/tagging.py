"""What WeasyPrint leaves out of the tags of a PDF: header scopes, and that running heads and feet are no content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

MARKED = re.compile(rb"/\w+\s<</MCID (\d+)>>\sBDC\b")
ARTIFACT = b"/Artifact\n<</Type /Pagination>>\nBDC"


def finish_tags(pdf: pikepdf.Pdf) -> None:
    """Say of each table header what it heads, and of what stands outside the tree that it is an artifact."""
    root = pdf.Root.get("/StructTreeRoot")
    if root is None:
        return
    in_tree = set()
    for element, in_body in _elements(root):
        in_tree.add(element.objgen)
        if element.get("/S") == Name.TH and "/Scope" not in (element.get("/A") or {}):
            element["/A"] = Dictionary(O=Name.Table, Scope=Name.Row if in_body else Name.Column)
    for page, owners in _owners(pdf, root):
        outside = [number for number, owner in enumerate(owners) if owner.objgen not in in_tree]
        if outside:
            _make_artifacts(pdf, page, owners, outside)


def _elements(root: Any) -> Iterator[tuple[Any, bool]]:
    """Every element of the tree, and whether it stands in the body of a table."""
    waiting = [(root, False)]
    while waiting:
        element, in_body = waiting.pop()
        if isinstance(element, pikepdf.Array):
            waiting += [(child, in_body) for child in element if isinstance(child, Dictionary | Array)]
            continue
        yield element, in_body
        kids = element.get("/K")
        if isinstance(kids, Dictionary | Array):
            waiting.append((kids, in_body or element.get("/S") == Name.TBody))


def _owners(pdf: pikepdf.Pdf, root: Any) -> Iterator[tuple[pikepdf.Page, Any]]:
    """Each page with the elements that own its marked content, by number."""
    numbers = list(root.ParentTree.Nums)
    owners = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
    for page in pdf.pages:
        if "/StructParents" in page:
            yield page, owners[int(page.StructParents)]


def _make_artifacts(pdf: pikepdf.Pdf, page: pikepdf.Page, owners: Any, outside: list[int]) -> None:
    """Nobody who hears the page is told its foot on every page."""
    gone = set(outside)

    def marked(found: re.Match[bytes]) -> bytes:
        return ARTIFACT if int(found[1]) in gone else found[0]

    page.Contents = pdf.make_stream(MARKED.sub(marked, page.Contents.read_bytes()))
    for number in outside:
        owners[number] = None
