"""Orders per second through HTTP, measured against pgbench writing the same rows by the same statements.

Both sides in turn, on one server, with the same number of connections; of each the median counts.
"""

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from statistics import median

import psycopg

from bench import ceiling, history, load, pgbench, world
from bench.capture import Statement, capture
from bench.figures import Figure, middle, percentile
from bench.stage import Process, Stage, api

CLIENTS = 16
ENOUGH, HOPED_FOR = 0.10, 0.15
MOST_STATEMENTS = 9
DATABASE = "orders"
_runs = count(1)


@dataclass(frozen=True, slots=True)
class Effort:
    """How long and how often is measured, and how many orders of the past are written for the large database."""

    seconds: float
    rounds: int
    warm_up_s: float
    past: int


WHOLE, QUICK = Effort(12.0, 2, 4.0, 200_000), Effort(2.0, 1, 1.0, 2_000)


@dataclass(frozen=True, slots=True)
class Sides:
    """Rates of both sides, and how long single answers took."""

    ours: list[float]
    theirs: list[float]
    waits: list[float]

    @property
    def ratio(self) -> float:
        """Ours in parts of the ceiling."""
        return median(self.ours) / median(self.theirs)


def run(where: Stage) -> Iterator[Figure]:
    """All figures about orders."""
    effort = QUICK if where.quick else WHOLE
    if pgbench.find(where) is None:
        print("NO PGBENCH on this machine: what follows is our own rate, without the ceiling to hold it against")
    where.make_database(DATABASE)
    world.seed(where.dsn(DATABASE))
    with api(where, DATABASE) as served:
        load.drive(served.port, load.order_requests("warm"), CLIENTS, effort.warm_up_s)
        statements, order = captured(where, served)
        yield _count(statements)
        yield _compared(where, served, "1,000 products", _scripts(statements, order, hot=False), effort)
        yield _compared(where, served, "one hot product", _scripts(statements, order, hot=True), effort)
        rows = history.write(where.dsn(DATABASE), effort.past)
        large = f"1,000 products, {rows:,} rows more"
        yield _compared(where, served, large, _scripts(statements, order, hot=False), effort)
    _check_sums(where)


def captured(where: Stage, served: Process) -> tuple[list[Statement], ceiling.Order]:
    """The statements of one order; of several, the shortest: once a minute a connection asks for the time as well."""
    found: list[tuple[list[Statement], ceiling.Order]] = []
    for number in range(3):
        customer, key = 1 + number, f"captured-{number}"
        answers: list[bytes] = []
        statements = capture(where, lambda: answers.append(_place(served.port, number, customer, key)))  # noqa: B023
        code = json.loads(answers[0].partition(b"\r\n\r\n")[2])["code"]
        found.append((statements, ceiling.Order(code, key, product=1 + number, customer=customer)))
    return min(found, key=lambda each: len(each[0]))


def _place(port: int, number: int, customer: int, key: str) -> bytes:
    body = json.dumps(
        {"lines": [{"product_id": world.product_id(1 + number), "quantity": 1}], "payment_terms": "on_delivery"}
    )
    with socket.create_connection(("127.0.0.1", port)) as wire:
        wire.sendall(
            f"POST /v1/merchants/{world.MERCHANT}/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            f"Authorization: Bearer {world.token_of(customer)}\r\nIdempotency-Key: {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        answer = b""
        while more := wire.recv(65_536):
            answer += more
    if not answer.startswith(b"HTTP/1.1 201"):
        raise load.LoadError(answer.decode()[:500])
    return answer


def _scripts(
    statements: list[Statement], order: ceiling.Order, *, hot: bool
) -> tuple[ceiling.Script, Callable[[int], bytes]]:
    return ceiling.script_of(statements, order, hot=hot), load.order_requests(f"run{next(_runs)}", hot)


def _compared(
    where: Stage,
    served: Process,
    name: str,
    scripts: tuple[ceiling.Script, Callable[[int], bytes]],
    effort: Effort,
) -> Figure:
    script, request = scripts
    has_pgbench = pgbench.find(where) is not None
    world.settle_down(where.dsn(DATABASE))
    sides = Sides([], [], [])
    for round_ in range(effort.rounds):
        offset = round_ * 10_000_000
        tally = load.drive(served.port, lambda number: request(offset + number), CLIENTS, effort.seconds)  # noqa: B023
        sides.ours.append(tally.rate)
        sides.waits.extend(tally.waits)
        if has_pgbench:
            sides.theirs.append(pgbench.run(where, DATABASE, script, CLIENTS, effort.seconds))
    return _figure(name, sides)


def _figure(name: str, sides: Sides) -> Figure:
    waits = f"p50 {percentile(sides.waits, 0.5) * 1000:.0f} ms, p99 {percentile(sides.waits, 0.99) * 1000:.0f} ms"
    ours = f"HTTP {middle(sides.ours)}, {waits}"
    if not sides.theirs:
        return Figure(f"orders, {name}", f"{median(sides.ours):,.0f}/s", f"{ours}; NO PGBENCH, NO CEILING")
    target = f"at least {ENOUGH:.2f} (hoped for {HOPED_FOR:.2f})"
    parts = f"{ours} ÷ pgbench {middle(sides.theirs)}"
    return Figure(f"orders, {name}", f"{sides.ratio:.3f}", parts, target, sides.ratio >= ENOUGH)


def _count(statements: list[Statement]) -> Figure:
    words = ", ".join(each.text.split(None, 1)[0] for each in statements)
    is_met = len(statements) <= MOST_STATEMENTS
    return Figure("statements per order", str(len(statements)), words, f"at most {MOST_STATEMENTS}", is_met)


def _check_sums(where: Stage) -> None:
    """Both sides must have written whole orders: a ceiling that writes less would be no ceiling."""
    with psycopg.connect(where.dsn(DATABASE)) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM orders WHERE state = 'confirmed'), "
            "(SELECT count(*) FROM holds WHERE state = 'open'), (SELECT sum(held) FROM cells), "
            "(SELECT sum(held_change) FROM ledger), (SELECT count(*) FROM events WHERE state = 'pending') / 2"
        ).fetchone()
    if row is None or len(set(row)) != 1:
        raise RuntimeError(f"confirmed orders, open holds, units held, by the ledger, pairs of events: {row}")
