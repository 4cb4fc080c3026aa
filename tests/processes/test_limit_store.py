"""Limits counted in a real Redis: shared by processes, and what goes on while it is away or says nothing."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from flask import Flask

from merchant_api.core import limiter
from merchant_api.core.limiter import Limits, RateLimited
from merchant_api.core.rates import Rates
from tests.http.orders.conftest import Shop
from tests.make.people import make_actor
from tests.make.stock import make_product
from tests.processes.redis import Redis

NEWCOMER = {"login": "nima@example.com", "password": "a mountain of tea", "name": "Nima"}


@pytest.fixture
def redis() -> Iterator[Redis]:
    with tempfile.TemporaryDirectory() as folder:  # a socket's path must be short
        server = Redis(Path(folder))
        server.start()
        yield server
        server.kill()


@pytest.fixture
def shop(client, redis, monkeypatch):
    """A shop whose limits are counted in Redis; what is away is asked again at once."""
    monkeypatch.setattr(limiter, "LEFT_IN_PEACE_S", 0)
    limits = Limits(Flask("counts"), Rates(register="9 per minute", place="2 per minute", store=redis.url))
    monkeypatch.setitem(client.application.extensions, "orderbell.limits", limits)
    return Shop(client)


def sign_in(client):
    """What registering and logging in answer."""
    replies = [
        client.post("/v1/auth/register", json=NEWCOMER),
        client.post("/v1/auth/login", json={name: NEWCOMER[name] for name in ("login", "password")}),
    ]
    return [(reply.status_code, reply.json.get("code"), "Retry-After" in reply.headers) for reply in replies]


def test_processes_that_share_a_store_count_together(database, redis):
    processes = [Limits(Flask("counts"), Rates(invite="3 per minute", store=redis.url)) for _ in range(2)]
    owner, other = make_actor(), make_actor()

    for number in range(3):
        processes[number % 2].check("invite", owner)

    for process in processes:
        with pytest.raises(RateLimited) as refused:
            process.check("invite", owner)
        assert 1 <= refused.value.members["retry_after"] <= 60
        process.check("invite", other)


def test_while_the_store_is_away_signing_in_is_closed_and_everything_else_open(shop, redis):
    mug = make_product(shop.merchant, on_hand=9)
    assert [shop.order("customer", mug).status_code for _ in range(3)] == [201, 201, 429]
    redis.kill()

    assert [shop.order("customer", mug).status_code for _ in range(3)] == [201] * 3
    assert shop.call("customer", "GET", "/orders").status_code == 200
    assert sign_in(shop.client) == [(503, "sign_in_closed", True)] * 2

    redis.start()
    assert sign_in(shop.client) == [(201, None, False), (200, None, False)]


def test_a_store_that_says_nothing_keeps_nobody_waiting(shop, redis):
    mug = make_product(shop.merchant, on_hand=9)
    redis.hold()

    started = time.monotonic()
    placed, signed_in = shop.order("customer", mug).status_code, sign_in(shop.client)

    assert (placed, {status for status, *_ in signed_in}) == (201, {503})
    assert time.monotonic() - started < 3 * (limiter.ANSWERS_WITHIN_S + 0.5)


def test_a_store_that_is_away_is_left_in_peace_and_logged_once(shop, redis, monkeypatch):
    monkeypatch.setattr(limiter, "LEFT_IN_PEACE_S", 60)
    mug = make_product(shop.merchant, on_hand=9)
    redis.hold()

    with structlog.testing.capture_logs() as logged:
        shop.order("customer", mug)
        started = time.monotonic()
        again = [shop.order("customer", mug).status_code for _ in range(5)]

    assert again == [201] * 5
    assert time.monotonic() - started < 5 * limiter.ANSWERS_WITHIN_S
    assert [line["log_level"] for line in logged if line["event"] == "limits.store_away"] == ["warning"]
