"""Between the server and the application: a request takes a thread only when all of its body has arrived.

Whoever sends half a body and waits would otherwise hold one of the few threads for as long as he likes, and some dozen
of them all. So one thread receives the bodies of all connections, within seconds, and no further than the largest body
that is taken (files of CSV may be larger, a few at a time); the application then finds them whole, or broken off.

Every request has an answer in time: what the application does not give by then is 503, whatever holds it up.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from flask import Flask
from granian.rsgi import Scope

from merchant_api.accounts import passwords
from merchant_api.accounts.errors import HashingBusy
from merchant_api.core import cut_off, problem
from merchant_api.core.arrival import ARRIVED
from merchant_api.core.endpoint import ENDPOINTS
from merchant_api.core.errors import Refusal, Unavailable
from merchant_api.core.table_in import MEDIA_TYPES
from merchant_api.server import heart
from merchant_api.server.environ import Environ, environ_of
from merchant_api.server.lanes import HashingLanes
from merchant_api.server.shares import ThreadShares
from merchant_api.server.wire import BODY_WITHIN_S, Answers, Headers, Once, Wire, receive

FILE_WITHIN_S = 60.0
ANSWER_WITHIN_S, READY_WITHIN_S, FILE_ANSWER_WITHIN_S = 10.0, 2.0, 60.0
LEFT_TO_SAY_S = 0.5  # the application hears of its deadline so much earlier, and says so itself
ALIVE = "/healthz"  # asks nobody, and needs no thread: it answers also where all of them wait
FILES_AT_ONCE = 4
LARGEST_FILE = max(each.shape["takes_csv"].most for each in ENDPOINTS.values() if "takes_csv" in each.shape)


class Front:
    """The application of Flask as granian calls it (RSGI), on so many threads."""

    def __init__(self, app: Flask, threads: int, body_s: float = BODY_WITHIN_S) -> None:
        self._app = app
        self._body_s = body_s
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._lanes = ThreadShares(threads)
        self._hashing = HashingLanes(app, passwords.at_once(), threads)
        self._files = asyncio.Semaphore(FILES_AT_ONCE)  # each may be large, and the memory is shared

    async def __rsgi__(self, scope: Scope, wire: Wire) -> None:
        environ = environ_of(scope)
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            await self._receive(environ, wire)
        environ[ARRIVED] = time.monotonic()
        if environ["PATH_INFO"] == ALIVE:
            return self._answer(environ, wire, time.monotonic())
        within_s = _patience_s(environ)
        once = Once(wire)
        try:
            async with asyncio.timeout(within_s):
                async with self._in_lanes(scope, environ):
                    await self._work(environ, once, time.monotonic() + within_s - LEFT_TO_SAY_S)
        except HashingBusy as busy:
            once.response_bytes(*_said(busy))
        except TimeoutError:
            once.response_bytes(*_said(Unavailable("No answer was to be had in time; ask again.", retry_after=1)))

    @asynccontextmanager
    async def _in_lanes(self, scope: Scope, environ: Environ) -> AsyncIterator[None]:
        path = "/" + scope.path.lstrip("/")  # as Flask finds its endpoint
        body = environ["wsgi.input"].getvalue()
        async with self._hashing.of(scope.method, path, body), self._lanes.of(path):
            yield

    async def _work(self, environ: Environ, wire: Answers, until: float) -> None:
        loop = asyncio.get_running_loop()
        answered = loop.create_future()
        working = self._pool.submit(self._answer, environ, wire, until)
        working.add_done_callback(lambda _: loop.call_soon_threadsafe(_set, answered))
        try:
            await answered
        finally:
            working.cancel()  # what has no thread yet needs none any more
        working.result()  # raises what the application raised, for granian to log and to answer with 500

    async def _receive(self, environ: Environ, wire: Wire) -> None:
        if not _is_file(environ):
            return await receive(environ, wire, within_s=self._body_s)
        async with self._files:
            return await receive(environ, wire, LARGEST_FILE, FILE_WITHIN_S)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        heart.beat(loop)

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """End the process: all is answered by now.

        A thread of granian's is still letting go of Python's objects, and aborts when the interpreter ends under it.
        """
        heart.beat_last()
        self._pool.shutdown()
        os._exit(0)

    def _answer(self, environ: Environ, wire: Answers, until: float) -> None:
        begun: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, _exc_info: object = None) -> Any:
            begun.append((status, headers))

        with cut_off.at(until):
            pieces: Iterable[bytes] = self._app.wsgi_app(environ, start)
            try:
                body = b"".join(pieces)
            finally:
                if hasattr(pieces, "close"):
                    pieces.close()
        status, headers = begun[-1]
        wire.response_bytes(int(status[:3]), headers, body)


def _said(refusal: Refusal) -> tuple[int, Headers, bytes]:
    said = problem.render(refusal)
    return said.status_code, [*said.headers, ("X-Request-Id", uuid4().hex)], said.get_data()


def _set(answered: asyncio.Future[None]) -> None:
    if not answered.done():
        answered.set_result(None)


def _is_file(environ: Environ) -> bool:
    return str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower() in MEDIA_TYPES


def _patience_s(environ: Environ) -> float:
    if environ["PATH_INFO"] == "/readyz":
        return READY_WITHIN_S
    return FILE_ANSWER_WITHIN_S if _is_file(environ) else ANSWER_WITHIN_S
