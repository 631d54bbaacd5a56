"""Several PDFs as one, for the printer alone: each document is read where it is kept, with its tags."""

from collections.abc import Sequence
from io import BytesIO

import pikepdf


def join_pdfs(groups: Sequence[Sequence[bytes]]) -> bytes:
    """All documents of all groups in order. One document alone is given as it is.

    Each document begins on a new sheet, where it is printed on both sides: an empty page is put in where the one
    before ends on a front side.
    """
    documents = [document for group in groups for document in group]
    if len(documents) == 1:
        return documents[0]
    with pikepdf.new() as joined:
        for document in documents:
            if len(joined.pages) % 2:
                joined.add_blank_page(page_size=_size(joined.pages[-1]))
            with pikepdf.open(BytesIO(document)) as pdf:
                joined.pages.extend(pdf.pages)
        out = BytesIO()
        joined.save(out)
        return out.getvalue()


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(number) for number in page.mediabox)
    return right - left, top - bottom
