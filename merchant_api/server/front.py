"""Between the server and the application: a request takes a thread only when all of its body has arrived.

Whoever sends half a body and waits would otherwise hold one of the few threads for as long as he likes, and some dozen
of them all. So one thread receives the bodies of all connections, within seconds, and no further than the largest body
that is taken (files of CSV may be larger, a few at a time); the application then finds them whole, or broken off.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any, Protocol, TypeAlias

from flask import Flask
from granian.rsgi import Scope

from merchant_api.app import LARGEST_BODY
from merchant_api.core.endpoint import ENDPOINTS
from merchant_api.core.table_in import MEDIA_TYPES
from merchant_api.server.shares import ThreadShares

BODY_WITHIN_S, FILE_WITHIN_S = 10.0, 60.0
FILES_AT_ONCE = 4
LARGEST_FILE = max(each.shape["takes_csv"].most for each in ENDPOINTS.values() if "takes_csv" in each.shape)
UNREADABLE = "\xff"  # a header's value that is no text: it must not look as if the header was not sent
Environ: TypeAlias = dict[str, Any]
Headers: TypeAlias = list[tuple[str, str]]


class Wire(Protocol):
    """What granian gives to receive and to answer by."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    def response_bytes(self, status: int, headers: Headers, body: bytes, /) -> None: ...


class Front:
    """The application of Flask as granian calls it (RSGI), on so many threads."""

    def __init__(self, app: Flask, threads: int, body_s: float = BODY_WITHIN_S) -> None:
        self._app = app
        self._body_s = body_s
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._lanes = ThreadShares(threads)
        self._files = asyncio.Semaphore(FILES_AT_ONCE)  # each may be large, and the memory is shared

    async def __rsgi__(self, scope: Scope, wire: Wire) -> None:
        environ = environ_of(scope)
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            await self._receive(environ, wire)
        async with self._lanes.of(scope.path):
            await self._work(environ, wire)

    async def _work(self, environ: Environ, wire: Wire) -> None:
        loop = asyncio.get_running_loop()
        answered = loop.create_future()
        working = self._pool.submit(self._answer, environ, wire)
        working.add_done_callback(lambda _: loop.call_soon_threadsafe(answered.set_result, None))
        await answered
        working.result()  # raises what the application raised, for granian to log and to answer with 500

    async def _receive(self, environ: Environ, wire: Wire) -> None:
        if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() not in MEDIA_TYPES:
            return await receive(environ, wire, within_s=self._body_s)
        async with self._files:
            return await receive(environ, wire, LARGEST_FILE, FILE_WITHIN_S)

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """End the process: all is answered by now.

        A thread of granian's is still letting go of Python's objects, and aborts when the interpreter ends under it.
        """
        self._pool.shutdown()
        os._exit(0)

    def _answer(self, environ: Environ, wire: Wire) -> None:
        begun: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, _exc_info: object = None) -> Any:
            begun.append((status, headers))

        pieces: Iterable[bytes] = self._app.wsgi_app(environ, start)
        try:
            body = b"".join(pieces)
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
        status, headers = begun[-1]
        wire.response_bytes(int(status[:3]), headers, body)


async def receive(environ: Environ, wire: Wire, most: int = LARGEST_BODY, within_s: float = BODY_WITHIN_S) -> None:
    """Put the body into the request, and its length. One declared too large is left unread, to be refused by that.

    What did not arrive in time, or whole, is shorter than its length, by which the application sees it.
    """
    declared = environ.get("CONTENT_LENGTH", "")
    if declared.isdigit() and int(declared) > most:
        return
    pieces, size, missing = [], 0, 1
    try:
        async with asyncio.timeout(within_s):
            async for piece in wire:
                pieces.append(piece)
                size += len(piece)
                if size > most:
                    break
            missing = 0
    except (TimeoutError, RuntimeError):  # granian's errors of a broken connection are RuntimeErrors
        pass
    environ["wsgi.input"] = BytesIO(b"".join(pieces))
    if environ.pop("HTTP_TRANSFER_ENCODING", None) is not None:  # all the pieces are here, as one
        environ["CONTENT_LENGTH"] = str(size + missing)


def environ_of(scope: Scope) -> Environ:
    """The request in the words of WSGI (PEP 3333), without its body."""
    host, _, port = scope.server.rpartition(":")
    return {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    } | _headers(scope)


def _headers(scope: Scope) -> Environ:
    found: Environ = {}
    for name, value in scope.headers.items():
        key = _key(name)
        # Two of one name become a list; the space makes sure that it is never taken for one value.
        found[key] = f"{found[key]}, {value}" if key in found else value
    for name in scope.headers.keys():  # noqa: SIM118 - no mapping: `items` leaves out what is no text
        found.setdefault(_key(name), UNREADABLE)
    return found


def _key(name: str) -> str:
    # One with an underscore would pass for the one with a hyphen, which a proxy may have checked.
    key = name.upper().replace("_", "__").replace("-", "_")
    return key if key in ("CONTENT_LENGTH", "CONTENT_TYPE") else f"HTTP_{key}"
