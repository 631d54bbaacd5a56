"""Claims files as a stream of lines, some thousand at a time: CSV by Python's own reader, Parquet by DuckDB."""

import codecs
import csv
import glob
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from insight.reading.opening import Opening
from insight.reading.reasons import FileRefused

PARQUET_ROWS = 500
CHUNK_CHARACTERS = 64 * 1024  # some 330 claims: all their texts fit in the processor's cache
CHUNK_BYTES = 1024 * 1024
MAX_LINE = 64 * 1024
MAX_CELL = 1_000  # more than any value may have: one that is longer is refused for that, and never kept
# Of the file alone: no folder's name is a column (`personid=1/claims.parquet`).
FILE = "read_parquet(?, hive_partitioning = false)"


def columns_of(opening: Opening) -> list[str]:
    """The names of the columns, in lower case; empty where there are none to see."""
    if opening.format == "parquet":
        try:
            with _database() as database:
                found = database.execute(f"DESCRIBE SELECT * FROM {FILE}", [_alone(opening.path)])
                return [name.lower() for name, *_rest in found.fetchall()]
        except duckdb.Error:
            raise FileRefused("parquet") from None
    first = opening.head.lstrip("\ufeff").splitlines()[:1]
    if not first:
        return []
    return [name.strip().strip('"').lower() for name in first[0].split(separator_of(first[0]))]


def separator_of(header: str) -> str:
    """Semicolon, comma or tab: whichever the header has most of."""
    return max(";,\t", key=header.count)


def encoding_of(opening: Opening) -> str:
    """The encoding of a CSV file: UTF-16 by its mark, UTF-8 if all of it is, else Latin-1."""
    if opening.encoding:
        return {"utf-16-le": "utf-16", "utf-16-be": "utf-16", "utf-8": "utf-8-sig"}[opening.encoding]
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with opening.path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


class Piece(NamedTuple):
    """Some lines of a file, one after the other.

    Of each that can be read its number and its fields, as many as there are columns; of each other its number
    and the reason (`insight.reading.reasons`).
    """

    numbers: Sequence[int]
    fields: Sequence[Sequence[str]]
    refused: list[tuple[int, str]]


def csv_pieces(path: Path, encoding: str, *, width: int) -> Iterator[Piece]:
    """The lines of the file but the header.

    A line is a claim: a quoted field may hold the separator, never a line break, so that a forgotten quote
    costs its own line alone.
    """
    number = 2
    with path.open(encoding=encoding, errors="replace") as file:
        separator = separator_of(file.readline(MAX_LINE))
        rest = ""
        while chunk := file.read(CHUNK_CHARACTERS):
            chunk = rest + chunk
            *lines, rest = chunk.split("\n")
            rest = rest[:MAX_LINE]  # of one that is too long no more than shows it
            yield _piece(lines, separator, first=number, width=width, quoted='"' in chunk)
            number += len(lines)
        yield _piece([rest], separator, first=number, width=width, quoted='"' in rest)


def _piece(lines: list[str], separator: str, *, first: int, width: int, quoted: bool) -> Piece:
    numbers = range(first, first + len(lines))
    if not quoted and all(map(MAX_LINE.__gt__, map(len, lines))):
        fields = [line.split(separator) for line in lines]
        if all(map(width.__eq__, map(len, fields))):
            return Piece(numbers, fields, [])
    found: list[tuple[int, list[str]]] = []
    refused: list[tuple[int, str]] = []
    for number, line in zip(numbers, lines, strict=True):
        if len(line) >= MAX_LINE or line.count('"') % 2:
            refused.append((number, "unreadable"))
        elif line:
            cells = next(csv.reader([line], delimiter=separator)) if '"' in line else line.split(separator)
            if len(cells) == width:
                found.append((number, cells))
            else:
                refused.append((number, "columns"))
    return Piece([number for number, _cells in found], [cells for _number, cells in found], refused)


def parquet_pieces(path: Path, columns: list[str]) -> Iterator[Piece]:
    """The rows as fields of text; an empty value is an empty text, a list is joined."""
    names = ", ".join(_as_text(column) for column in columns)
    number = 1
    try:
        with _database() as database:
            result = database.execute(f"SELECT {names} FROM {FILE}", [_alone(path)])
            while rows := result.fetchmany(PARQUET_ROWS):
                yield Piece(range(number, number + len(rows)), rows, [])
                number += len(rows)
    except duckdb.Error:
        raise FileRefused("parquet") from None


def _alone(path: Path) -> str:
    """The path as DuckDB reads this file and no other: `*` in a name is no pattern."""
    return glob.escape(str(path.absolute()))


def _as_text(column: str) -> str:
    quoted = '"' + column.replace('"', '""') + '"'
    text = f"left(CAST({quoted} AS VARCHAR), {MAX_CELL})"
    return f"coalesce(regexp_replace({text}, '[\\[\\]]', '', 'g'), '')"


def _database() -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(":memory:", config={"memory_limit": "128MB", "threads": 1})
    database.execute("SET autoinstall_known_extensions = false")
    database.execute("SET autoload_known_extensions = false")
    return database
