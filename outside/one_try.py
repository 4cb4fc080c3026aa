"""One deadline for whatever a client library does over `requests`: connecting, TLS and a receiver that dribbles.

`requests` has a time-out per read only, so a receiver that sends a byte now and then would hold a thread for ever. The
lines that this adapter opens or uses again are put under the watch of the thread that uses them. It has no retries:
our own back-off decides when to try again.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import requests
from requests.adapters import DEFAULT_POOLSIZE, HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from outside.watch import Watch

_here = threading.local()


@contextlib.contextmanager
def within(deadline_s: float) -> Iterator[Watch]:
    """What this thread does through an adapter in this block ends by the deadline."""
    with Watch(deadline_s) as watch:
        _here.watch = watch
        try:
            yield watch
        finally:
            _here.watch = None


class OneTry(HTTPAdapter):
    """Behind a proxy urllib3 leaves Nagle's algorithm on, which delays each message by 40 ms: off here."""

    def init_poolmanager(self, *given: Any, **options: Any) -> None:
        super().init_poolmanager(*given, **options)
        _watched(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **options: Any) -> ProxyManager:
        options.setdefault("socket_options", HTTPConnection.default_socket_options)
        made: ProxyManager = super().proxy_manager_for(proxy, **options)
        _watched(made)
        return made


def mount(session: requests.Session, *further: str, connections: int = DEFAULT_POOLSIZE) -> None:
    """Let a session use it for all that it asks, at the `further` prefixes too where its library has its own."""
    for prefix in ("https://", "http://", *further):
        session.mount(prefix, OneTry(pool_maxsize=connections, max_retries=0))


def _watched(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


def _under_watch(line: socket.socket | None) -> None:
    watch: Watch | None = getattr(_here, "watch", None)
    if watch is not None and line is not None:
        watch.over(line)


class _Watched:
    """A connection whose line, new or used again, is watched before anything is said on it."""

    sock: socket.socket | None

    def _new_conn(self) -> socket.socket:
        line: socket.socket = super()._new_conn()  # type: ignore[misc]  # the connection that this is mixed into
        try:
            _under_watch(line)
        except TimeoutError:
            line.close()
            raise
        return line

    def request(self, *given: Any, **options: Any) -> None:
        """As of urllib3."""
        _under_watch(self.sock)
        super().request(*given, **options)  # type: ignore[misc]


class _Plain(_Watched, HTTPConnection):
    pass


class _Secure(_Watched, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure
