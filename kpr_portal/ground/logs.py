"""Structured logs. Whatever looks like a national identity number is masked before it is written.

Of an error of the database its first line alone is: what follows quotes the row, health data and all.
"""

import logging.config
import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

ELEVEN_DIGITS = re.compile(r"(?<!\d)\d{6}[ -]?\d{5}(?!\d)")
MASK = "***********"
# To the end of the error, which is that of the text or of its part of a traceback.
QUOTED_ROW = re.compile(
    r"(?:\n|\\n)(?:DETAIL|CONTEXT|QUERY|STATEMENT):.*?(?=\n\n(?:The above|During handling)|\Z)", re.DOTALL
)


def mask(value: Any) -> Any:
    """The value with every run of eleven digits masked, in text and inside lists and mappings.

    Rows that an error of the database quotes are left out.
    """
    if isinstance(value, str):
        return ELEVEN_DIGITS.sub(MASK, QUOTED_ROW.sub("", value))
    if isinstance(value, dict):
        return {mask(key): mask(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [mask(item) for item in value]
    if isinstance(value, (int, float, bool)) or value is None:
        return MASK if isinstance(value, int) and len(str(value)) == len(MASK) else value
    return mask(str(value)) if isinstance(value, bytes) else value


def mask_numbers(_: Any, __: str, event: EventDict) -> EventDict:
    """A processor that masks numbers in every field of a log line."""
    return {key: mask(value) for key, value in event.items()}


class MaskingFormatter(structlog.stdlib.ProcessorFormatter):
    """Masks once more in the finished line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return ELEVEN_DIGITS.sub(MASK, super().format(record))


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.format_exc_info,
    mask_numbers,
]


def logging_config(*, json: bool, level: str) -> dict[str, Any]:
    """The logging configuration: one line an event, as JSON in production."""
    renderer = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": MaskingFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    renderer,
                ],
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.request": {"level": "ERROR"},  # what is refused has a line of ours already
            "django.server": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            "pikepdf": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
        },
    }


def configure(config: dict[str, Any]) -> None:
    """Set up logging once (named by the setting LOGGING_CONFIG)."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
