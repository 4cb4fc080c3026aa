"""A database that goes away gives 503 with Retry-After, and comes back without a restart of the API."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from merchant_api.accounts import tokens
from merchant_api.app import create_app
from merchant_api.core import migrate
from merchant_api.core.db import db
from tests.conftest import settings_for
from tests.server import TestServer

LONGEST_ANSWER_S = 10


@pytest.fixture
def server() -> Iterator[TestServer]:
    """A server of this test's own, to be stopped."""
    server = TestServer().start()
    yield server
    server.stop()


@pytest.fixture
def served(server: TestServer, tmp_path: Path) -> Iterator[Flask]:
    """An app on that server."""
    migrate.upgrade(server.url())
    app = create_app(settings_for(server.url(), tmp_path))
    yield app
    with app.app_context():
        db.engine.dispose()


def _ask(app: Flask, path: str) -> tuple[int, str]:
    before = time.monotonic()
    with app.test_client() as client:
        reply = client.get(path, headers={"Authorization": f"Bearer {tokens.new_access()}"})
        assert time.monotonic() - before < LONGEST_ANSWER_S
        if reply.status_code == 503:
            assert int(reply.headers["Retry-After"]) >= 1
        return reply.status_code, reply.get_data(as_text=True)


def test_connections_that_the_server_ended_are_replaced_unseen(served: Flask, server: TestServer):
    assert _ask(served, "/readyz")[0] == 200
    engine = create_engine(server.url())
    with engine.connect() as connection:
        others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'orderbell-api'"
        assert connection.execute(text(others)).rowcount >= 1
    engine.dispose()

    assert _ask(served, "/readyz")[0] == 200


def test_a_stopped_database_is_503_and_heals_by_itself(served: Flask, server: TestServer):
    assert _ask(served, "/v1/me")[0] == 401
    server.server.stop()

    away = {path: _ask(served, path) for path in ("/v1/me", "/readyz", "/healthz", "/metrics")}

    assert {path: status for path, (status, _) in away.items()} == {
        "/v1/me": 503,
        "/readyz": 503,
        "/healthz": 200,
        "/metrics": 200,
    }
    assert '"code": "unavailable"' in away["/v1/me"][1]
    assert "orderbell_database_up 0.0" in away["/metrics"][1]

    server.server.start()

    assert _ask(served, "/v1/me")[0] == 401
    assert _ask(served, "/readyz")[0] == 200


def test_a_database_that_was_never_there_does_not_keep_the_api_from_starting(tmp_path: Path):
    app = create_app(settings_for("postgresql+psycopg://nobody@127.0.0.1:1/none", tmp_path))

    assert _ask(app, "/readyz")[0] == 503
    assert _ask(app, "/healthz")[0] == 200
