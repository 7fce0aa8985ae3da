"""One JSON line for each thing that happened, on standard error; never what people wrote, nor their keys."""

import logging
import sys
import traceback
from typing import Final

import orjson
import structlog
from structlog.typing import ExcInfo


def _where(exc_info: ExcInfo) -> str:
    """The way to an accident, and what kind it was: messages of exceptions quote what people wrote."""
    error: BaseException | None = exc_info[1]
    lines: list[str] = []
    while error is not None:
        # The name of a broken promise of the database quotes nobody.
        promise = getattr(error, "constraint_name", None) or ""
        lines[:0] = [*traceback.format_tb(error.__traceback__), f"{type(error).__qualname__} {promise}\n"]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "".join(lines)


_SHARED: Final[list[structlog.typing.Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.ExceptionRenderer(_where),
]


def configure() -> None:
    """Our own events and those of libraries, in one shape; a terminal is spared the line of each request."""
    level = logging.WARNING if sys.stderr.isatty() else logging.INFO
    structlog.configure(
        processors=[*_SHARED, structlog.processors.JSONRenderer(serializer=orjson.dumps)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=lambda event, **_: orjson.dumps(event).decode()),
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
