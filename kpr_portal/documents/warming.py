"""A worker reads fonts and WeasyPrint before its first task: the first receipt is as quick as the next."""

import gc
from typing import Any

import structlog
from celery.signals import worker_process_init

log = structlog.get_logger(__name__)

PAGE = '<!doctype html><html lang="nb"><head><title>.</title></head><body><p>.</p></body></html>'


@worker_process_init.connect
def warm_up(**_: Any) -> None:
    """Make one page that nobody reads. A failure is logged; the tasks themselves will tell more."""
    from kpr_portal.documents.rendering import render_pdf  # noqa: PLC0415 -- slow import, worker only

    try:
        render_pdf(PAGE)
    except Exception:
        log.exception("warm_up_failed")
    # What is here now stays: looking through it for garbage again and again takes a tenth of the time of a page.
    gc.collect()
    gc.freeze()
