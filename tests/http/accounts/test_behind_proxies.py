"""Whose address an attempt to sign in counts for: the one that our own proxies saw, and nobody's claim."""

from dataclasses import replace

import pytest
import structlog
from flask import Flask, request

from merchant_api.app import create_app
from merchant_api.core import forwarded
from merchant_api.core.db import db


@pytest.mark.parametrize(
    ("hops", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7")], ids=["none", "one", "two"]
)
def test_forwarded_addresses_are_believed_from_our_own_proxies_only(app: Flask, hops: int, seen: str) -> None:
    behind = create_app(replace(app.extensions["orderbell.settings"], proxy_hops=hops))
    behind.add_url_rule("/seen", "seen", lambda: request.remote_addr or "")

    reply = behind.test_client().get("/seen", headers={"X-Forwarded-For": "192.0.2.66, 198.51.100.7, 203.0.113.9"})

    assert reply.text == seen
    with behind.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_a_proxy_that_nobody_told_of_is_warned_of_once_and_then_now_and_then(
    app: Flask, monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    client = create_app(app.extensions["orderbell.settings"]).test_client()

    with structlog.testing.capture_logs() as told:
        client.get("/healthz")
        for _ in range(2):
            assert client.get("/healthz", headers={header: "for=192.0.2.66"}).status_code == 200
        an_hour_later = forwarded.time.monotonic() + 3601
        monkeypatch.setattr(forwarded.time, "monotonic", lambda: an_hour_later)
        client.get("/healthz", headers={header: "for=192.0.2.66"})

    warned = [each for each in told if each["event"] == "proxy.not_declared"]
    assert [each["log_level"] for each in warned] == ["warning"] * 2
    assert header in warned[0]["said"]
    assert "set ORDERBELL_PROXY_HOPS" in warned[0]["said"]


def test_a_proxy_that_is_told_of_is_not_warned_of(app: Flask) -> None:
    client = create_app(replace(app.extensions["orderbell.settings"], proxy_hops=1)).test_client()

    with structlog.testing.capture_logs() as told:
        client.get("/healthz", headers={"X-Forwarded-For": "192.0.2.66"})

    assert [each for each in told if each["event"] == "proxy.not_declared"] == []
