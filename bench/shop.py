"""A shop of the kind `webhook` in a process of its own, so that it shares no interpreter with what is measured.

It takes levels after a while, and remembers when the newest of each item came, by the clock that processes share.
"""

import asyncio
import json
import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

SECRET = "whsec_" + "YSBzZWNyZXQgb2YgdGhlIGJlbmNoLCAyNCBieXRlcw=="
_ANSWER = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Taken:
    """What came: of each item the newest level and when, and how often each level of an item came."""

    at: dict[tuple[str, int], float] = field(default_factory=dict)
    times: Counter[tuple[str, int]] = field(default_factory=Counter)
    calls: int = 0


@dataclass
class BenchShop:
    """The other end of the process; `address` is where it listens."""

    port: int
    _pipe: Connection

    @property
    def address(self) -> str:
        """As a channel has it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        """As ORDERBELL_SHOP_HOSTS has it."""
        return f"127.0.0.1:{self.port}"

    def taken(self) -> Taken:
        """All that came so far."""
        self._pipe.send("taken")
        found: Taken = self._pipe.recv()
        return found

    def count(self) -> int:
        """How many different levels came."""
        self._pipe.send("count")
        return int(self._pipe.recv())


@contextmanager
def shop(answers_after_s: float = 0.0) -> Iterator[BenchShop]:
    """A shop for the time of a measurement."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, answers_after_s), daemon=True)
    process.start()
    try:
        yield BenchShop(int(ours.recv()), ours)
    finally:
        process.kill()
        process.join()


def _serve(pipe: Connection, answers_after_s: float) -> None:
    asyncio.run(_run(pipe, answers_after_s))


async def _run(pipe: Connection, answers_after_s: float) -> None:
    taken = Taken()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
                )
                _take(taken, json.loads(await reader.readexactly(length)))
                await asyncio.sleep(answers_after_s)
                writer.write(_ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    while True:
        asked = await asyncio.to_thread(pipe.recv)
        pipe.send(taken if asked == "taken" else len(taken.at))


def _take(taken: Taken, call: dict[str, Any]) -> None:
    if call["type"] != "levels.set":
        return
    now = time.monotonic()
    taken.calls += 1
    for each in call["data"]["levels"]:
        key = (each["shop_id"], each["level"])
        taken.at.setdefault(key, now)
        taken.times[key] += 1
