"""The server that `orderbell serve` runs, as the network meets it."""

import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import requests

from tests.processes.start import up

pytestmark = pytest.mark.xdist_group("processes")
HALF = (
    b"POST /v1/auth/login HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\n"
    b"Content-Length: 100\r\n\r\n{"
)


@pytest.fixture
def port(given: dict[str, str], tmp_path: Path) -> Iterator[int]:
    with up(given, tmp_path / "said"):
        yield int(given["ORDERBELL_PORT"])


def test_half_sent_bodies_hold_up_nobody_and_are_answered_in_time(port: int):
    stalled = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(40)]
    for connection in stalled:
        connection.sendall(HALF)

    for _ in range(5):
        assert requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).ok

    answers = [connection.recv(4096) for connection in stalled]
    for connection in stalled:
        connection.close()
    assert {answer[:12] for answer in answers} == {b"HTTP/1.1 400"}
    assert all(b"The body broke off." in answer for answer in answers)


def test_what_was_begun_is_answered_before_the_server_ends(given: dict[str, str], tmp_path: Path):
    """A registration waits for a lock, the server is told to stop, and the lock is given up."""
    with (
        up(given, tmp_path / "said") as process,
        psycopg.connect(given["DATABASE_URL"].replace("+psycopg", "")) as rival,
    ):
        rival.execute("LOCK TABLE people IN EXCLUSIVE MODE")
        wire = socket.create_connection(("127.0.0.1", int(given["ORDERBELL_PORT"])), timeout=20)
        body = b'{"login": "nima@example.com", "password": "a long enough word", "name": "Nima"}'
        wire.sendall(HALF.replace(b"100", str(len(body)).encode()).replace(b"login", b"register", 1)[:-1] + body)
        _wait_until_somebody_waits(rival)

        process.send_signal(signal.SIGTERM)
        _wait_until_nobody_listens(int(given["ORDERBELL_PORT"]))
        rival.rollback()

        assert wire.recv(4096).startswith(b"HTTP/1.1 201")
        wire.close()
        assert process.wait(30) == 0


def _wait_until_somebody_waits(rival: psycopg.Connection) -> None:
    until = time.monotonic() + 20
    while rival.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone() == (0,):
        assert time.monotonic() < until
        time.sleep(0.02)


def _wait_until_nobody_listens(port: int) -> None:
    with pytest.raises(requests.ConnectionError):
        while requests.get(f"http://127.0.0.1:{port}/healthz", timeout=5):
            time.sleep(0.02)
