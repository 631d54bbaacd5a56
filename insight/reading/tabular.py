"""Claims files as a stream of rows: CSV by Python's own reader, Parquet by DuckDB."""

import codecs
import csv
import glob
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import duckdb

from insight.reading.opening import Opening
from insight.reading.reasons import FileRefused

PARQUET_ROWS = 5_000
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


def csv_rows(path: Path, encoding: str) -> Iterator[tuple[int, list[str] | None]]:
    """Line number and fields of each line but the header; None for a line that cannot be read.

    A line is a claim: a quoted field may hold the separator, never a line break, so that a forgotten quote
    costs its own line alone.
    """
    with path.open(encoding=encoding, errors="replace") as file:
        separator = separator_of(file.readline(MAX_LINE))
        for number, line in enumerate(iter(partial(file.readline, MAX_LINE), ""), start=2):
            if len(line) >= MAX_LINE:
                while line and not line.endswith("\n"):
                    line = file.readline(MAX_LINE)  # noqa: PLW2901 -- the rest of the same line
                yield number, None
            elif '"' not in line:
                if bare := line.rstrip("\n"):
                    yield number, bare.split(separator)
            elif line.count('"') % 2:
                yield number, None
            else:
                yield number, next(csv.reader([line], delimiter=separator))


def parquet_rows(path: Path, columns: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Row number and fields as text of each row; an empty value is an empty text, a list is joined."""
    names = ", ".join(_as_text(column) for column in columns)
    number = 0
    try:
        with _database() as database:
            result = database.execute(f"SELECT {names} FROM {FILE}", [_alone(path)])
            while rows := result.fetchmany(PARQUET_ROWS):
                for row in rows:
                    number += 1
                    yield number, list(row)
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
