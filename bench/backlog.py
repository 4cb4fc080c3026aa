"""A ring behind a backlog, and the end of a backlog though whoever sends it is killed: a real job process.

The backlog is as it would be after hours without a job process: one phone of one merchant has all of it.
"""

import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import psycopg

from bench import push, world
from bench.figures import Figure
from bench.stage import Stage, jobs
from tests.fakes.push_receiver import PushAnswer, PushReceiver

DATABASE = "backlog"
WAITING, QUICK_WAITING = 10_000, 500
KILLS, QUICK_KILLS = 10, 2
KILLED_EVERY_S = 4.0
PATIENCE_S = 240.0
RINGS_WITHIN_S, TOLD_WITHIN_S = 2.0, 60.0

TELL = """
INSERT INTO deliveries (merchant_id, id, event_id, event_type, order_id, notification_id, medium, address_kind,
    address_id, person_id, audience, message, is_urgent, state, due_at, expires_at, lease_token, attempts, created_at,
    ended_at)
SELECT %(merchant)s, uuidv7(), gen_random_uuid(), %(type)s, gen_random_uuid(), NULL, 'push', 'web_push', 'browser',
    %(owner)s, 'merchant', jsonb_build_object('type', %(type)s::text, 'tag', gen_random_uuid()::text, 'title', 'T',
        'body', 'B', 'data', '{}'::jsonb, 'is_silent', false),
    %(is_urgent)s, 'pending', now(), now() + interval '1 day', NULL, 0, now(), NULL
FROM generate_series(1, %(count)s)
"""


class Swift(PushReceiver):
    """Takes everything at once."""

    def take(self, path: str, headers: dict[str, str], body: bytes) -> PushAnswer:
        """Without a look inside, which would cost this machine more than the sending does."""
        with self.arrived:
            self.requests += 1
        return PushAnswer(201)


def run(where: Stage) -> Iterator[Figure]:
    """Seconds until a ring was taken behind a backlog, messages a second to one phone, and the end after kills."""
    waiting, kills = (QUICK_WAITING, QUICK_KILLS) if where.quick else (WAITING, KILLS)
    where.make_database(DATABASE)
    world.seed(where.dsn(DATABASE))
    with Swift() as receiver, psycopg.connect(where.dsn(DATABASE), autocommit=True) as connection:
        allowed = {"ORDERBELL_PUSH_ALLOWED_HOSTS": receiver.host}
        push.register(where, DATABASE, receiver, allowed)
        tell(connection, waiting, "order.confirmed")
        with jobs(where, DATABASE, **allowed):
            yield _ring(connection, waiting)
            yield _rate(connection)
        tell(connection, waiting, "order.confirmed")
        yield _killed(where, connection, allowed, kills)


def tell(connection: psycopg.Connection[Any], count: int, type_: str, *, is_urgent: bool = False) -> None:
    """So many deliveries that are due, each of an order of its own."""
    given = {"merchant": world.MERCHANT, "owner": push.OWNER, "type": type_, "count": count, "is_urgent": is_urgent}
    connection.execute(TELL, given)


def _ring(connection: psycopg.Connection[Any], waiting: int) -> Figure:
    _until(connection, "SELECT count(*) FROM attempts", at_least=1)
    begun = time.monotonic()
    tell(connection, 1, "order.requested", is_urgent=True)
    _until(connection, "SELECT count(*) FROM deliveries WHERE is_urgent AND state = 'sent'", at_least=1)
    took, left = time.monotonic() - begun, _left(connection)
    parts = f"{waiting} messages to one phone waited before it, {left} still did when it was taken"
    return Figure("backlog, ring", f"{took:.2f} s", parts, f"at most {RINGS_WITHIN_S:.0f} s", took <= RINGS_WITHIN_S)


def _rate(connection: psycopg.Connection[Any]) -> Figure:
    begun, waited = time.monotonic(), _left(connection)
    _until(connection, "SELECT count(*) FROM deliveries WHERE state <> 'pending'", at_least=_all(connection))
    rate = waited / (time.monotonic() - begun)
    return Figure("backlog, one phone", f"{rate:.0f}/s", f"{waited} messages, one process", "50/s or more", rate >= 50)


def _killed(where: Stage, connection: psycopg.Connection[Any], allowed: dict[str, str], kills: int) -> Figure:
    for _ in range(kills):
        with jobs(where, DATABASE, **allowed) as process:
            time.sleep(KILLED_EVERY_S)  # for so long it works before it is killed, whatever it has done by then
            os.kill(process.pid, signal.SIGKILL)
    left, begun = _left(connection), time.monotonic()
    with jobs(where, DATABASE, **allowed):
        _until(connection, "SELECT count(*) FROM deliveries WHERE state <> 'pending'", at_least=_all(connection))
    took = time.monotonic() - begun
    parts = f"after the last of {kills} kills, its start included; {left} waited then, {_left(connection)} in the end"
    return Figure("backlog, all told", f"{took:.1f} s", parts, f"at most {TOLD_WITHIN_S:.0f} s", took <= TOLD_WITHIN_S)


def _left(connection: psycopg.Connection[Any]) -> int:
    return _count(connection, "SELECT count(*) FROM deliveries WHERE state = 'pending'")


def _all(connection: psycopg.Connection[Any]) -> int:
    return _count(connection, "SELECT count(*) FROM deliveries")


def _count(connection: psycopg.Connection[Any], statement: str) -> int:
    row = connection.execute(statement).fetchone()
    return 0 if row is None else int(row[0])


def _until(connection: psycopg.Connection[Any], statement: str, *, at_least: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while _count(connection, statement) < at_least:
        if time.monotonic() > until:
            raise RuntimeError(f"not within {PATIENCE_S:.0f} s: {statement}")
        time.sleep(0.05)  # another process writes what is waited for
