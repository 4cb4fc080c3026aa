"""A database that is there and says nothing: every request has its answer in time, and the threads are free again."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator

import pytest
from flask import Flask

from merchant_api.accounts import tokens
from merchant_api.app import create_app
from merchant_api.core import migrate
from merchant_api.core.db import db
from merchant_api.server import front
from merchant_api.server.front import Front
from tests.conftest import settings_for
from tests.http.test_front import NAMED, Headers, Wire, scope_of
from tests.server import TestServer

THREADS = 2


@pytest.fixture
def server() -> Iterator[TestServer]:
    """A server of this test's own, to be held up."""
    server = TestServer().start()
    yield server
    for pid in processes_of(server):
        os.kill(pid, signal.SIGCONT)
    server.stop()


def processes_of(server: TestServer) -> list[int]:
    """The server's own process and those that it started."""
    own = int((server.server.data / "postmaster.pid").read_text().split()[0])
    found = subprocess.run(["pgrep", "-P", str(own)], capture_output=True, text=True, check=False)
    return [own, *map(int, found.stdout.split())]


@pytest.fixture
def served(server: TestServer, tmp_path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setattr(front, "ANSWER_WITHIN_S", 1.5)
    migrate.upgrade(server.url())
    app = create_app(settings_for(server.url(), tmp_path))
    yield app
    with app.app_context():
        db.engine.dispose()


async def ask(asked: Front, path: str):
    wire = Wire()
    headers = Headers(NAMED, ("authorization", f"Bearer {tokens.new_access()}"))
    await asked.__rsgi__(scope_of(headers, method="GET", path=path), wire)
    ((status, told, _),) = wire.answers
    return status, dict(told)


def test_a_silent_database_is_503_in_time_and_holds_no_thread(served: Flask, server: TestServer):
    async def story():
        asked = Front(served, THREADS)
        before = await asyncio.gather(*(ask(asked, "/v1/me") for _ in range(THREADS)))
        for pid in processes_of(server):
            os.kill(pid, signal.SIGSTOP)
        silent = await asyncio.gather(*(ask(asked, "/v1/me") for _ in range(3 * THREADS)), ask(asked, "/readyz"))
        alive = await ask(asked, "/healthz")
        for pid in processes_of(server):
            os.kill(pid, signal.SIGCONT)
        after = await asyncio.gather(*(ask(asked, "/v1/me") for _ in range(3 * THREADS)))
        return before, silent, alive, after

    before, silent, alive, after = asyncio.run(asyncio.wait_for(story(), 60))

    assert {status for status, _ in before} == {401}
    assert {(status, told["Retry-After"], told["Content-Type"]) for status, told in silent[:-1]} == {
        (503, "1", "application/problem+json")
    }
    assert silent[-1][0] == 503
    assert all(told["X-Request-Id"] for _, told in silent)
    assert alive[0] == 200
    assert {status for status, _ in after} == {401}
