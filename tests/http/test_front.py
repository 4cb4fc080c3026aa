"""How a request of the server becomes one of the application."""

import asyncio
import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, Request, request

from merchant_api.accounts import passwords
from merchant_api.app import LARGEST_BODY
from merchant_api.core.arrival import ARRIVED
from merchant_api.core.ids import new_id
from merchant_api.core.table_in import XLSX
from merchant_api.server.environ import environ_of
from merchant_api.server.front import Front
from merchant_api.server.wire import receive

NAMED = ("host", "shop.example")


class Headers:
    """As granian gives them: `items` without those whose value is no text, which `keys` names all the same."""

    def __init__(self, *pairs: tuple[str, str], unreadable: tuple[str, ...] = ()) -> None:
        self._pairs, self._unreadable = pairs, unreadable

    def items(self) -> list[tuple[str, str]]:
        return list(self._pairs)

    def keys(self) -> list[str]:
        return [name for name, _ in self._pairs] + list(self._unreadable)


class Wire:
    """A connection on which these pieces arrive, and nothing after them; keeps what is answered."""

    def __init__(self, *pieces: bytes, ends: bool = True) -> None:
        self._pieces, self._ends = pieces, ends
        self.given = 0
        self.answers: list[tuple[int, list[tuple[str, str]], bytes]] = []

    async def __aiter__(self):
        for piece in self._pieces:
            self.given += 1
            yield piece
        if not self._ends:
            await asyncio.Event().wait()

    def response_bytes(self, *answer: Any) -> None:
        self.answers.append(answer)


def scope_of(headers: Headers, **differs: str) -> Any:
    plain = {
        "method": "POST",
        "path": "/healthz",
        "query_string": "q=%20",
        "http_version": "1.1",
        "scheme": "http",
        "server": "127.0.0.1:8000",
        "client": "203.0.113.9:4711",
        "headers": headers,
    }
    return SimpleNamespace(**plain | differs)


def request_of(*pairs: tuple[str, str], unreadable: tuple[str, ...] = (), **differs: str) -> Request:
    return Request(environ_of(scope_of(Headers(*pairs, unreadable=unreadable), **differs)))


def test_a_request_arrives_as_it_was_sent():
    request = request_of(("host", "shop.example"), ("x-request-id", "abc"), path="/v1/é b")

    assert (request.method, request.path, request.args["q"]) == ("POST", "/v1/é b", " ")
    assert (request.host, request.headers["X-Request-Id"]) == ("shop.example", "abc")
    assert request.remote_addr == "203.0.113.9"


@pytest.mark.parametrize(("client", "address"), [("[::1]:4711", "::1"), ("::1:4711", "::1"), ("", "")])
def test_an_address_is_told_without_its_port(client: str, address: str):
    assert (request_of(client=client).remote_addr or "") == address


def test_a_header_that_is_sent_twice_or_is_no_text_passes_for_no_single_value():
    request = request_of(("idempotency-key", "a"), ("idempotency-key", "b"), unreadable=("x-request-id",))

    assert request.headers["Idempotency-Key"] == "a, b"
    assert request.headers["X-Request-Id"] == "\xff"


def test_a_header_with_an_underscore_does_not_pass_for_the_one_with_a_hyphen():
    request = request_of(("x_forwarded_for", "127.0.0.1"), ("content_length", "3"))

    assert "X-Forwarded-For" not in request.headers
    assert request.content_length is None


def test_a_body_is_taken_as_far_as_it_came_in_time():
    whole, late = {"CONTENT_LENGTH": "2"}, {"HTTP_TRANSFER_ENCODING": "chunked"}

    asyncio.run(receive(whole, Wire(b"{", b"}")))
    asyncio.run(receive(late, Wire(b"{}", ends=False), within_s=0.01))

    assert (whole["wsgi.input"].read(), whole["CONTENT_LENGTH"]) == (b"{}", "2")
    assert (late["wsgi.input"].read(), late["CONTENT_LENGTH"]) == (b"{}", "3")


def test_of_a_body_that_is_too_large_no_more_is_taken_than_shows_it():
    piece = b"x" * (LARGEST_BODY // 2 + 1)
    endless, declared = Wire(*[piece] * 9), Wire(piece)

    asyncio.run(receive({}, endless))
    asyncio.run(receive({"CONTENT_LENGTH": str(LARGEST_BODY + 1)}, declared))

    assert (endless.given, declared.given) == (2, 0)


@pytest.mark.parametrize(
    ("headers", "pieces", "status"),
    [
        ([("content-length", "2")], [b"{}"], 422),
        ([("content-length", "9")], [b"{}"], 400),  # broken off
        ([("transfer-encoding", "chunked")], [b"{", b"}"], 422),
        ([("transfer-encoding", "chunked")], [b"x" * (LARGEST_BODY + 1)], 413),
        ([("content-length", str(LARGEST_BODY + 1))], [b"x"], 413),
        ([], [], 400),  # there must be one
    ],
)
def test_a_body_is_judged_as_the_application_does(
    database: Flask, headers: list[tuple[str, str]], pieces: list[bytes], status: int
):
    scope = scope_of(Headers(NAMED, ("content-type", "application/json"), *headers), path="/v1/auth/refresh")
    wire = Wire(*pieces)

    asyncio.run(Front(database, threads=1).__rsgi__(scope, wire))

    assert [answer[0] for answer in wire.answers] == [status]
    assert dict(wire.answers[0][1])["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("media", "given"), [("text/csv", 1), ("Text/CSV; charset=utf-8", 1), (XLSX, 1), ("application/json", 0)]
)
def test_a_file_may_be_larger_than_other_bodies(database: Flask, media: str, given: int):
    piece = b"x" * (LARGEST_BODY + 1)
    path = f"/v1/merchants/{new_id()}/sessions/staged/counts/import"
    headers = Headers(NAMED, ("content-type", media), ("content-length", str(len(piece))))
    wire = Wire(piece)

    asyncio.run(Front(database, threads=1).__rsgi__(scope_of(headers, path=path), wire))

    assert wire.given == given
    assert wire.answers[0][0] == 401


@pytest.mark.parametrize("root", ["/", "//"])
def test_a_merchant_whose_requests_wait_leaves_threads_to_the_others(root: str):
    app, release = Flask(__name__), threading.Event()
    begun = threading.Semaphore(0)

    @app.get("/v1/merchants/<name>/orders")
    def answer(name: str) -> str:
        begun.release()
        return str(name != "busy" or release.wait(30))

    async def ask(front: Front, name: str) -> bytes:
        wire = Wire()
        await front.__rsgi__(scope_of(Headers(NAMED), method="GET", path=f"{root}v1/merchants/{name}/orders"), wire)
        return bytes(wire.answers[0][2])

    async def crowd() -> tuple[bytes, list[bytes]]:
        front = Front(app, threads=4)
        waiting = [asyncio.create_task(ask(front, "busy")) for _ in range(9)]
        for _ in range(2):
            await asyncio.to_thread(begun.acquire)
        other = await asyncio.wait_for(ask(front, "quiet"), timeout=20)
        assert not any(each.done() for each in waiting)
        release.set()
        return other, await asyncio.gather(*waiting)

    assert asyncio.run(crowd()) == (b"True", [b"True"] * 9)


def test_a_request_is_noted_as_come_in_before_it_waits_for_a_thread():
    app, release, begun = Flask(__name__), threading.Event(), threading.Event()
    came_in: list[float] = []

    @app.get("/v1/currencies")
    def answer() -> str:
        begun.set()
        came_in.append(request.environ[ARRIVED])
        return str(release.wait(30))

    async def two() -> float:
        front, scope = Front(app, threads=1), scope_of(Headers(NAMED), method="GET", path="/v1/currencies")
        first = asyncio.create_task(front.__rsgi__(scope, Wire()))
        await asyncio.to_thread(begun.wait)
        second = asyncio.create_task(front.__rsgi__(scope, Wire()))
        await asyncio.sleep(0)  # it runs as far as the wait for a thread
        released_at = time.monotonic()
        release.set()
        await asyncio.gather(first, second)
        return released_at

    released_at = asyncio.run(two())

    assert len(came_in) == 2
    assert max(came_in) <= released_at


@pytest.mark.parametrize("login", ["/v1/auth/login", "//v1/auth/login"])
def test_a_crowd_that_signs_in_is_sent_away_in_a_second_and_leaves_threads_to_the_others(fresh: Flask, login: str):
    release = threading.Event()
    held = [passwords._lane.submit(release.wait, 30) for _ in range(passwords.at_once())]
    body = b'{"login": "asha@example.com", "password": "seven singing bowls"}'
    headers = Headers(NAMED, ("content-type", "application/json"), ("content-length", str(len(body))))

    async def ask(front: Front, method: str, path: str) -> tuple[int, dict[str, str]]:
        wire = Wire(body) if method == "POST" else Wire()
        given = headers if method == "POST" else Headers(NAMED)
        await front.__rsgi__(scope_of(given, method=method, path=path), wire)
        return wire.answers[0][0], dict(wire.answers[0][1])

    async def crowd():
        front = Front(fresh, threads=4)
        waiting = [asyncio.create_task(ask(front, "POST", login)) for _ in range(20)]
        await asyncio.sleep(0)
        others = [await ask(front, "GET", "/v1/me") for _ in range(3)]
        was_waiting = [each.done() for each in waiting]
        told = await asyncio.gather(*waiting)
        release.set()
        await asyncio.to_thread(lambda: [each.result() for each in held])
        return others, was_waiting, told, await ask(front, "POST", login)

    others, was_waiting, told, after = asyncio.run(asyncio.wait_for(crowd(), 30))

    assert [status for status, _ in others] == [401] * 3
    assert not any(was_waiting)
    assert {(status, headers["Retry-After"]) for status, headers in told} == {(503, "2")}
    assert after[0] == 401
