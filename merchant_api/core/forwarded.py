"""A proxy in front that nobody has told of: all people come from its one address, and the limits take them for one.

A header that proxies write says that one may be there; anybody can send it, so it is a warning and no more.
"""

import threading
import time

from flask import Flask, request

from merchant_api.core.log import log

AGAIN_S = 3600.0
SAID = (
    "A request came with {header}, but ORDERBELL_PROXY_HOPS is 0. If a proxy of yours stands in front, everybody has "
    "its address here, and a few wrong passwords lock out all: set ORDERBELL_PROXY_HOPS to the number of your proxies."
)
_HEADERS = ("X-Forwarded-For", "Forwarded")
_log = log(__name__)


class Lookout:
    """Warns of a proxy at its first request, and once an hour."""

    def __init__(self) -> None:
        self._quiet_until = 0.0
        self._lock = threading.Lock()

    def look(self) -> None:
        """Look at a request; nothing is refused."""
        header = next((each for each in _HEADERS if each in request.headers), None)
        if header is not None and self._is_due():
            _log.warning("proxy.not_declared", setting="ORDERBELL_PROXY_HOPS", said=SAID.format(header=header))

    def _is_due(self) -> bool:
        now = time.monotonic()
        with self._lock:
            is_due = now >= self._quiet_until
            if is_due:
                self._quiet_until = now + AGAIN_S
        return is_due


def attach(app: Flask) -> None:
    """Look at every request of an app that believes no proxy."""
    app.before_request(Lookout().look)
