"""What a file is, told from its content alone and never from its name."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from insight.reading.reasons import FileRefused

HEAD_BYTES = 64 * 1024
# The names an XML declaration may give, and the codec for our own look at the head.
ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(r"<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_SKIP = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_ROOT = re.compile(r"\s*<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)((?:\s+[^<>]*)?)/?>", re.DOTALL)
_ATTRIBUTE = re.compile(r"([\w.:-]+)\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")


@dataclass(frozen=True)
class Opening:
    """The opening of a file: its format and, by format, its root element or its column names."""

    path: Path
    format: str  # "xml", "parquet" or "text"
    encoding: str = ""
    root: str = ""
    namespace: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    head: str = ""


def look_at(path: Path) -> Opening:
    """Tell what the file is from its first 64 kB. Raises FileRefused."""
    try:
        # By its own name, for it is opened again by another process, whose standard input is not this one's.
        path = path.resolve(strict=True)
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError:
        raise FileRefused("missing") from None
    if not head.strip():
        raise FileRefused("empty")
    if head.startswith(b"PAR1"):
        return Opening(path, "parquet")
    encoding, text = _decoded(head)
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return _xml(path, encoding, text)
    if "\x00" in text:
        raise FileRefused("unknown")
    return Opening(path, "text", encoding=encoding, head=text)


def _decoded(head: bytes) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding, head[len(mark) :].decode(encoding, errors="replace")
    if head[:2] == b"<\x00":
        return "utf-16-le", head.decode("utf-16-le", errors="replace")
    if head[:2] == b"\x00<":
        return "utf-16-be", head.decode("utf-16-be", errors="replace")
    return "", head.decode("latin-1")


def _xml(path: Path, encoding: str, text: str) -> Opening:
    text = text.lstrip("\ufeff \t\r\n")
    declared = _DECLARED.match(text)
    if declared and declared[1].lower() not in ENCODINGS:
        raise FileRefused("encoding")
    if declared and not encoding:
        named = ENCODINGS[declared[1].lower()]
        encoding = "utf-8" if named.startswith("utf-16") else named
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise FileRefused("doctype")
    at = 0
    while skipped := _SKIP.match(text, at):
        at = skipped.end()
    root = _ROOT.match(text, at)
    if root is None:
        raise FileRefused("unknown")
    attributes = {name: double or single for name, double, single in _ATTRIBUTE.findall(root[3] or "")}
    prefix = (root[1] or "").rstrip(":")
    namespace = attributes.get(f"xmlns:{prefix}" if prefix else "xmlns", "")
    return Opening(
        path,
        "xml",
        encoding=encoding or "utf-8",
        root=root[2],
        namespace=namespace,
        attributes=tuple(attributes.items()),
    )
