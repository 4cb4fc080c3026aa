"""Limits on how often something may be called, by Flask-Limiter: counted before anything else is done.

`endpoint(limit=…)` says which one; KEYS says whose calls are counted together, None being nobody's. Signing in is
closed while the store is away, for guessing must not be free; everything else is open then, and the store is left in
peace for some seconds, so that nobody waits for it. It is asked without a transaction open.
"""

import math
import threading
import time
from collections.abc import Callable

from flask import Flask, current_app, request
from flask_limiter import Limiter
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from redis.backoff import NoBackoff
from redis.retry import Retry

from merchant_api.core import metrics
from merchant_api.core.actor import Actor, Role
from merchant_api.core.db import session
from merchant_api.core.errors import TooMany, Unavailable
from merchant_api.core.log import log
from merchant_api.core.network import network_of
from merchant_api.core.rates import PER_PROCESS, Rates

ANSWERS_WITHIN_S = 0.5
LEFT_IN_PEACE_S = 5
SIGNING_IN = ("register", "login")
_log = log(__name__)


class RateLimited(TooMany):
    """Too often: wait as long as Retry-After says."""

    code = "rate_limited"


class SigningInClosed(Unavailable):
    """Nobody can sign in or register just now: ask again shortly."""

    code = "sign_in_closed"


def _network(_: Actor) -> str | None:
    return network_of(request.remote_addr or "")


def _person(actor: Actor) -> str | None:
    return None if actor.person_id is None else str(actor.person_id)


def _customer(actor: Actor) -> str | None:
    return f"{actor.merchant_id}:{actor.person_id}" if actor.role is Role.CUSTOMER else None


# Who sells places as often as he likes: a shop that imports its orders is no abuse.
KEYS: dict[str, Callable[[Actor], str | None]] = {
    "register": _network,
    "login": _network,  # how often it may fail is counted in the database (accounts/attempts.py)
    "place": _customer,
    "cart": _person,
    "invite": _person,
}


class Limits:
    """The limits of one process, and whether the store of their counts is known to be away."""

    def __init__(self, app: Flask, rates: Rates) -> None:
        is_shared = rates.store != PER_PROCESS
        patience = {
            "wrap_exceptions": True,
            "socket_timeout": ANSWERS_WITHIN_S,
            "socket_connect_timeout": ANSWERS_WITHIN_S,
            "retry": Retry(NoBackoff(), 0),  # or the client would try for seconds
        }
        options = patience if is_shared else {}
        self._limiter = Limiter(
            lambda: "",
            app=app,
            storage_uri=rates.store,
            storage_options=options,  # type: ignore[arg-type]  # it hands them on as they are
            strategy="moving-window",
            key_prefix="orderbell",
        )
        self._items = {name: parse_many(rates.of(name)) if rates.of(name) else [] for name in KEYS}
        self._asks_for_login = is_shared and bool(self._items["register"])
        self._lock = threading.Lock()
        self._away_until = 0.0

    def check(self, name: str, actor: Actor) -> None:
        """Count a call; raises RateLimited, or SigningInClosed."""
        key = KEYS[name](actor)
        items = self._items[name]
        if key is None or not (items or (name == "login" and self._asks_for_login)):
            return
        session().rollback()
        try:
            self._ask(name, key, items)
        except StorageError as error:
            self._is_away(error)
            if name in SIGNING_IN:
                raise SigningInClosed(retry_after=LEFT_IN_PEACE_S) from error

    def _ask(self, name: str, key: str, items: list[RateLimitItem]) -> None:
        if time.monotonic() < self._away_until:
            raise StorageError(ConnectionError("away"))
        if name == "login" and not self._limiter.storage.check():
            raise StorageError(ConnectionError("away"))
        for item in items:
            if not self._limiter.limiter.hit(item, "orderbell", name, key):
                metrics.calls_limited.labels(name).inc()
                ends_at = self._limiter.limiter.get_window_stats(item, "orderbell", name, key).reset_time
                raise RateLimited(retry_after=max(1, math.ceil(ends_at - time.time())))

    def _is_away(self, error: StorageError) -> None:
        with self._lock:
            if time.monotonic() < self._away_until:
                return
            self._away_until = time.monotonic() + LEFT_IN_PEACE_S
        _log.warning("limits.store_away", kind=type(error.storage_error).__name__, open_for="all but signing in")


def attach(app: Flask, rates: Rates) -> None:
    """Install the limits of an app."""
    app.extensions["orderbell.limits"] = Limits(app, rates)


def check(name: str, actor: Actor) -> None:
    """Count a call of the actor against the limit of this name."""
    limits: Limits = current_app.extensions["orderbell.limits"]
    limits.check(name, actor)
