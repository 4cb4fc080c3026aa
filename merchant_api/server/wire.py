"""What granian gives to receive and to answer by: a body that arrives in time and in measure, and one answer."""

import asyncio
import threading
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Protocol, TypeAlias

from merchant_api.app import LARGEST_BODY
from merchant_api.server.environ import Environ

BODY_WITHIN_S = 10.0
Headers: TypeAlias = list[tuple[str, str]]


class Answers(Protocol):
    """What takes an answer."""

    def response_bytes(self, status: int, headers: Headers, body: bytes, /) -> None: ...


class Wire(Answers, Protocol):
    """What granian gives: the pieces of a body, and a way to answer."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...


class Once:
    """A wire that takes one answer; what comes after it is nobody's any more."""

    def __init__(self, wire: Answers) -> None:
        self._wire: Answers | None = wire
        self._lock = threading.Lock()

    def response_bytes(self, status: int, headers: Headers, body: bytes, /) -> None:
        """Answer, if nobody has."""
        with self._lock:
            wire, self._wire = self._wire, None
        if wire is not None:
            wire.response_bytes(status, headers, body)


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
