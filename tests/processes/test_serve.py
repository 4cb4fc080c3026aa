"""The server that `orderbell serve` runs, as the network meets it."""

import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
import requests

from tests.processes.start import serving, up

pytestmark = pytest.mark.xdist_group("processes")
HEAD = "POST /v1/auth/{} HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"
HALF = HEAD.format("login", 100).encode() + b"{"
NEWCOMER = b'{"login": "nima@example.com", "password": "a long enough word", "name": "Nima"}'
REGISTRATION = HEAD.format("register", len(NEWCOMER)).encode() + NEWCOMER


def test_half_sent_bodies_hold_up_nobody_and_a_stop_answers_all_that_was_begun(given: dict[str, str], tmp_path: Path):
    """A registration waits for a lock, the server is told to stop, and the lock is given up."""
    port = int(given["ORDERBELL_PORT"])
    database = psycopg.connect(given["DATABASE_URL"].replace("+psycopg", ""))
    with up(given | {"ORDERBELL_BODY_S": "5"}, tmp_path / "said") as process, database as rival:
        stalled = [_sent(port, HALF) for _ in range(40)]
        for _ in range(5):
            assert requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).ok
        rival.execute("LOCK TABLE people IN EXCLUSIVE MODE")
        begun = _sent(port, REGISTRATION)
        _wait_until_somebody_waits(rival)

        process.send_signal(signal.SIGTERM)
        _wait_until_nobody_listens(port)
        rival.rollback()

        assert _answer(begun).startswith(b"HTTP/1.1 201")
        answers = [_answer(each) for each in stalled]
        assert {each[:12] for each in answers} == {b"HTTP/1.1 400"}
        assert all(b"The body broke off." in each for each in answers)
        assert process.wait(30) == 0


def test_two_hundred_who_register_at_once_hold_up_nobody_else(given: dict[str, str], tmp_path: Path):
    """Each has an answer, welcome or that there are too many; others don't wait for that."""
    crowd = [NEWCOMER.replace(b"nima@", b"nima%d@" % number) for number in range(200)]
    with serving(given, tmp_path / "said") as url:
        port = int(given["ORDERBELL_PORT"])
        begun = [_sent(port, HEAD.format("register", len(each)).encode() + each) for each in crowd]

        asked = time.monotonic()
        assert requests.get(f"{url}/v1/me", timeout=5).status_code == 401
        waited = time.monotonic() - asked

        answers = [_answer(each) for each in begun]
        assert {each[:12] for each in answers} <= {b"HTTP/1.1 201", b"HTTP/1.1 503", b"HTTP/1.1 429"}
        assert any(each.startswith(b"HTTP/1.1 201") for each in answers)
        assert all(b"retry-after: 2" in each.lower() for each in answers if each.startswith(b"HTTP/1.1 503"))
        assert waited < 1


def _sent(port: int, request: bytes) -> socket.socket:
    wire = socket.create_connection(("127.0.0.1", port), timeout=20)
    wire.sendall(request)
    return wire


def _answer(wire: socket.socket) -> bytes:
    with wire:
        return wire.recv(4096)


def _wait_until_somebody_waits(rival: psycopg.Connection) -> None:
    until = time.monotonic() + 20
    while rival.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone() == (0,):
        assert time.monotonic() < until
        time.sleep(0.02)


def _wait_until_nobody_listens(port: int) -> None:
    with suppress(requests.ConnectionError):
        while requests.get(f"http://127.0.0.1:{port}/healthz", timeout=5):
            time.sleep(0.02)
