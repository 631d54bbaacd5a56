"""`python -m bench [part ...]`: measures, prints the table, and ends non-zero where a row is under its bound."""

import sys
from collections.abc import Callable, Iterator

from bench.server import set_up
from bench.table import HEAD, Row


def main(wanted: list[str]) -> int:
    servers = set_up()
    try:
        from bench import acting, forms, ingest, pages, ready, start  # noqa: PLC0415 -- Django is set up first

        parts: dict[str, Callable[[], Iterator[Row]]] = {
            "pages": pages.against_the_floor,
            "size": pages.by_size,
            "acting": acting.against_oneself,
            "lists": acting.lists,
            "ingest": ingest.against_copy,
            "forms": forms.against_bare_weasyprint,
            "ready": ready.click_to_ready,
            "start": start.warm,
        }
        if unknown := set(wanted) - set(parts):
            sys.exit(f"No such part: {', '.join(sorted(unknown))}. There are: {', '.join(parts)}.")
        print(HEAD, flush=True)
        failed = 0
        for name in wanted or parts:
            for row in parts[name]():
                print(row, flush=True)
                failed += row.failed
    finally:
        servers.leave()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
