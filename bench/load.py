"""A light generator of load: one thread, plain sockets that never block, no HTTP library in its loop.

`drive` is a closed loop: each connection sends its next request when it has the whole answer to the last one. `arrive`
is an open one: each request is due at its instant, whatever became of those before.
"""

import json
import random
import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bench import world

GIVE_UP_S = 30.0


@dataclass(slots=True)
class Tally:
    """What came back within the time: answers by status, the first refusal in full, seconds per answer."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    refusal: bytes = b""
    waits: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Orders placed per second."""
        return self.statuses[201] / self.seconds


class LoadError(RuntimeError):
    """The API did not place what it was asked to place."""


@dataclass(slots=True)
class _Line:
    wire: socket.socket
    sent_at: float = 0.0
    received: bytes = b""


def drive(port: int, request: Callable[[int], bytes], clients: int, seconds: float) -> Tally:
    """Send what `request(number)` makes over `clients` kept-open connections. Refused: any answer but 201."""
    tally, number = Tally(), 0
    with selectors.DefaultSelector() as ready:
        lines = [_connected(port, ready) for _ in range(clients)]
        begun = time.monotonic()
        ends = begun + seconds
        for line in lines:
            _send(line, request(number))
            number += 1
        open_lines = clients
        while open_lines:
            for key, _ in ready.select(GIVE_UP_S) or _nothing_came():
                line = key.data
                answer = _answer(line)
                if answer is None:
                    continue
                now = time.monotonic()
                if now <= ends:
                    tally.statuses[answer] += 1
                    tally.waits.append(now - line.sent_at)
                    _check(answer, line, tally)
                    line.received = b""
                    _send(line, request(number))
                    number += 1
                else:
                    ready.unregister(line.wire)
                    line.wire.close()
                    open_lines -= 1
    tally.seconds = seconds
    if tally.refusal:
        raise LoadError(f"{dict(tally.statuses)}: {tally.refusal.decode()[:500]}")
    return tally


def arrive(port: int, request: Callable[[int], bytes], rate: float, seconds: float) -> Tally:
    """Send `rate` requests a second, each over a connection that is free; waits count from when each was due."""
    tally, number, wanted = Tally(seconds), 0, round(rate * seconds)
    with selectors.DefaultSelector() as ready:
        free: list[_Line] = []
        begun = time.monotonic()
        while tally.statuses.total() < wanted:
            due = begun + number / rate
            if number < wanted and time.monotonic() >= due:
                line = free.pop() if free else _connected(port, ready)
                _send(line, request(number))
                line.sent_at = due
                number += 1
                continue
            patience = max(0.0, due - time.monotonic()) if number < wanted else GIVE_UP_S
            for key, _ in ready.select(patience) or (() if number < wanted else _nothing_came()):
                if (answer := _answer(key.data)) is not None:
                    tally.statuses[answer] += 1
                    tally.waits.append(time.monotonic() - key.data.sent_at)
                    _check(answer, key.data, tally)
                    key.data.received = b""
                    free.append(key.data)
        for key in list(ready.get_map().values()):
            key.data.wire.close()
    return tally


def _connected(port: int, ready: selectors.BaseSelector) -> _Line:
    line = _Line(socket.create_connection(("127.0.0.1", port)))
    line.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.wire.setblocking(False)
    ready.register(line.wire, selectors.EVENT_READ, line)
    return line


def _send(line: _Line, request: bytes) -> None:
    line.sent_at = time.monotonic()
    sent = line.wire.send(request)
    if sent != len(request):
        raise LoadError("a request does not fit into the socket")


def _answer(line: _Line) -> int | None:
    """The status, once the answer is whole."""
    more = line.wire.recv(65_536)
    if not more:
        raise LoadError("the API closed a connection that was kept open")
    line.received += more
    end = line.received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = line.received[:end].lower()
    length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    return int(head[9:12]) if len(line.received) >= end + 4 + length else None


def _check(status: int, line: _Line, tally: Tally) -> None:
    if status != 201 and not tally.refusal:
        tally.refusal = line.received


def _nothing_came() -> list[tuple[selectors.SelectorKey, int]]:
    raise LoadError(f"no answer within {GIVE_UP_S:.0f} s")


def order_requests(run: str, hot: bool = False, merchant: str = world.MERCHANT) -> Callable[[int], bytes]:
    """Makes requests that order one unit, of a random product or always of the first, by a random customer.

    `run` makes their idempotency keys differ from those of other runs.
    """
    path = f"/v1/merchants/{merchant}/orders"
    pick = random.Random(run)

    def request(number: int) -> bytes:
        product = 1 if hot else pick.randint(1, world.PRODUCTS)
        line = {"product_id": world.product_id(product), "quantity": 1}
        body = json.dumps({"lines": [line], "payment_terms": "on_delivery"})
        return (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {world.token_of(pick.randint(1, world.CUSTOMERS))}\r\n"
            f"Idempotency-Key: {run}-{world.FIRST + number}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    return request
