"""Whose address an attempt to sign in counts for: the one that our own proxies saw, and nobody's claim."""

from dataclasses import replace

import pytest
from flask import Flask, request

from merchant_api.app import create_app
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
