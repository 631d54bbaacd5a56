"""XML read as a stream of events, with nothing in it able to do anything.

No entity is resolved, no DTD and no network is ever opened, a DOCTYPE refuses the file, and libxml2's own
limits on depth (256), names and texts (10 MB) hold (`huge_tree` is off). No tree is built: a reader gets
`start` and `end` calls and keeps what it wants, so memory does not grow with the file.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol, cast

from lxml import etree

from insight.reading.reasons import FileRefused

CHUNK_BYTES = 256 * 1024
MAX_VALUE = 500  # no value in any of the messages is near this long

_NOTHING: frozenset[str] = frozenset()


class Handler(Protocol):
    """What a message type does at each element; finished items gather in `ready`. May have `data(text)`."""

    ready: list[Any]

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...


class _Target:
    """lxml's parser target: passes events on to the handler, and refuses a DOCTYPE."""

    def __init__(self, handler: Handler) -> None:
        self.start = handler.start
        self.end = handler.end
        if hasattr(handler, "data"):  # without it the parser never builds the texts
            self.data = handler.data

    def doctype(self, *_parts: object) -> None:
        raise FileRefused("doctype")

    def close(self) -> None:
        return None


def events(path: Path, handler: Handler) -> Iterator[Any]:
    """Feed the file to the handler and give what gets ready, as it gets ready. Raises FileRefused."""
    parser = etree.XMLParser(
        target=cast("Any", _Target(handler)),  # the stubs ask for methods that lxml does not
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                parser.feed(chunk)
                if handler.ready:
                    yield from handler.ready
                    handler.ready.clear()
        parser.close()
    except etree.XMLSyntaxError as error:
        raise FileRefused(_why(error)) from None
    except (LookupError, UnicodeError):
        raise FileRefused("encoding") from None
    yield from handler.ready
    handler.ready.clear()


def _why(error: etree.XMLSyntaxError) -> str:
    wrong = {
        etree.ErrorTypes.ERR_INVALID_ENCODING,
        etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING,
        etree.ErrorTypes.ERR_UNKNOWN_ENCODING,
        etree.ErrorTypes.ERR_INVALID_CHAR,
    }
    if getattr(error, "code", None) in wrong or "encod" in str(error.msg).lower():
        return "wrong_encoding"
    return "not_well_formed"


class Skim:
    """A first reading that only checks the structure: every element where it belongs.

    `children` maps a tag to the tags allowed in it; the root is the key None. Text is allowed in
    elements without children only.
    """

    def __init__(self, children: dict[str | None, frozenset[str]]) -> None:
        self.ready: list[Any] = []
        self._children = children
        self._inside: list[str | None] = [None]
        self._length = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag not in self._children.get(self._inside[-1], _NOTHING):
            raise FileRefused("structure")
        self._inside.append(tag)
        self._length = 0
        self.seen(tag, attributes)

    def end(self, tag: str) -> None:  # noqa: ARG002 -- well-formedness is the parser's to check
        self._inside.pop()

    def seen(self, tag: str, attributes: dict[str, str]) -> None:
        """For subclasses: an element that belongs has begun."""


class SkimTexts(Skim):
    """A first reading of a message whose elements hold texts, none of them long."""

    def data(self, text: str) -> None:
        if text.strip():
            self._length += len(text)
            if self._length > MAX_VALUE:
                raise FileRefused("structure")
        self.text(self._inside[-1], text)

    def text(self, tag: str | None, text: str) -> None:
        """For subclasses: text within an element (perhaps in several parts)."""


def skim(path: Path, handler: Skim) -> None:
    """Read the whole file once and keep nothing. Raises FileRefused where it is not well formed."""
    for _item in events(path, handler):
        pass
