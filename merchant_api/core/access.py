"""What every request gets: an id, safe headers, a count, and one line of access log without anything secret in it."""

import re
import time
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

from merchant_api.core import metrics
from merchant_api.core.errors import Malformed
from merchant_api.core.log import log

_REQUEST_ID = re.compile(r"^[\w.-]{1,64}$", re.ASCII)
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:[0-9]{0,5})?", re.ASCII)
_log = log(__name__)


def attach(app: Flask) -> None:
    """Install the hooks."""
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _REQUEST_ID.match(given) else uuid4().hex
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    _check_host()


def _check_host() -> None:
    """One name of ours, as RFC 9112 wants it: two of them are read differently by whoever stands in between."""
    if not _HOST.fullmatch(request.environ.get("HTTP_HOST", "")):
        raise Malformed("The request must name one host, in one Host header.")


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.request_id
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")
    metrics.requests.labels(request.endpoint or "none", str(response.status_code)).inc()
    _log.info(
        "request",
        method=request.method,
        route=str(request.url_rule or "none"),
        status=response.status_code,
        ms=round((time.perf_counter() - g.started) * 1000, 1),
        actor=g.get("actor_kind", "nobody"),
    )
    return response
