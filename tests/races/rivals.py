"""Calls that begin at the same moment, each on a thread and a connection of its own, and locks to line them up by."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from merchant_api.core.db import db, in_transaction, session
from merchant_api.core.errors import Refusal
from merchant_api.orders.models import Order
from tests.tenancy import of_the_test

PATIENCE_S = 20
Work = Callable[[], Any]


def in_own(work: Work) -> Work:
    """The verb in a transaction of its own, as an endpoint or a job runs it."""
    whose = of_the_test()
    return lambda: in_transaction(work, whose)


def at_once(app: Flask, works: Sequence[Work]) -> list[Any]:
    """What each call returned, or the refusal it got, in the order given; all begin together."""
    barrier = threading.Barrier(len(works))
    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(PATIENCE_S) for future in [pool.submit(_run, app, work, barrier) for work in works]]


def _run(app: Flask, work: Work, barrier: threading.Barrier | None = None) -> Any:
    with app.app_context():
        try:
            if barrier is not None:
                barrier.wait(PATIENCE_S)
            return work()
        except Refusal as refusal:
            return refusal
        finally:
            db.session.remove()


def said(results: Iterable[Any]) -> Counter[str]:
    """Refusals by their code, all else as `ok`."""
    return Counter(result.code if isinstance(result, Refusal) else "ok" for result in results)


class Queue:
    """Rows that somebody else holds: rivals are started, wait for them in line, and are let go together."""

    def __init__(self, app: Flask, holder: Connection | Session, pool: ThreadPoolExecutor) -> None:
        self._app, self._holder, self._pool = app, holder, pool
        self._futures: list[Future[Any]] = []

    def join(self, *works: Work) -> None:
        """Start the calls and wait until each of them waits for a lock."""
        for work in works:
            self._futures.append(self._pool.submit(_run, self._app, work))
            self._until_waiting(len(self._futures))

    def _until_waiting(self, number: int) -> None:
        asked = text(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) "
            "WHERE NOT granted AND datname = current_database()"
        )
        deadline = threading.Event()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watcher:
            for _ in range(PATIENCE_S * 200):
                if watcher.execute(asked).scalar_one() >= number:
                    return
                deadline.wait(0.005)
        raise AssertionError(f"{number} calls do not wait")

    def let_go(self, *, by_commit: bool = True) -> list[Any]:
        """End the holder's transaction; gives what each call returned, or the refusal it got."""
        if by_commit:
            self._holder.commit()
        else:
            self._holder.rollback()
        return [future.result(PATIENCE_S) for future in self._futures]


@contextmanager
def held(app: Flask, order: Order) -> Iterator[Queue]:
    """Hold an order's row, changed in passing, from another connection."""
    session().rollback()
    change = text("UPDATE orders SET note = 'held' WHERE merchant_id = :merchant_id AND id = :id")
    with db.engine.connect() as holder, ThreadPoolExecutor(16) as pool:
        holder.execute(change, {"merchant_id": order.merchant_id, "id": order.id})
        try:
            yield Queue(app, holder, pool)
        finally:
            holder.rollback()


@contextmanager
def unfinished(app: Flask, work: Work) -> Iterator[Queue]:
    """Do something and leave its transaction open; rivals line up behind it."""
    session().expunge_all()  # rows that rivals have in hand stay plain values
    session().rollback()
    with ThreadPoolExecutor(16) as pool:
        work()
        try:
            yield Queue(app, session(), pool)
        finally:
            session().rollback()


def deadlocks() -> int:
    """What the server counted in this database, once the figures of all other connections are in."""
    session().rollback()
    db.engine.dispose()
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND backend_type = 'client backend'"
    )
    asked = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    pause = threading.Event()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watcher:
        for _ in range(PATIENCE_S * 200):
            if not watcher.execute(others).scalar_one():
                return int(watcher.execute(asked).scalar_one())
            pause.wait(0.005)
    raise AssertionError("other connections stay open")
