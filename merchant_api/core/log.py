"""Structured logs: one JSON line an event on standard error, with the request id, and nothing secret in it.

A line that can't be written, because its volume is full or nobody reads it any more, is dropped and counted: what it
tells of has happened all the same, and whoever asked for it gets his answer.
"""

import logging
import sys
from typing import Any

import structlog

from merchant_api.core import metrics

SECRET_WORDS = ("password", "token", "secret", "authorization", "address", "endpoint", "email", "phone", "key")


def _hide(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    for name in event:
        if any(word in name.lower() for word in SECRET_WORDS):
            event[name] = "(hidden)"
    return event


def _told(logger: Any, method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """The traceback, without the rows that PostgreSQL repeats in the details of its errors."""
    error = event.get("exc_info")
    event = structlog.processors.format_exc_info(logger, method, event)
    while isinstance(error, BaseException):
        detail = getattr(getattr(error, "diag", None), "message_detail", None)
        if detail:
            event["exception"] = event["exception"].replace(detail, "(hidden)")
        error = error.__cause__ or error.__context__
    return event


def configure(level: str = "INFO") -> None:
    """Set up logging of this process."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _told,
            _hide,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_: _Lines(),
        cache_logger_on_first_use=False,
    )


class _Lines:
    """Writes lines to standard error, or drops them."""

    def msg(self, line: str) -> None:
        """Never raises what the system says of writing."""
        try:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()
        except (OSError, ValueError):  # ValueError: it is closed
            metrics.log_lines_dropped.inc()

    debug = info = warning = error = critical = fatal = exception = log = msg


def log(name: str) -> Any:
    """A logger; call `.info("what.happened", member=value)`."""
    return structlog.get_logger(module=name)
