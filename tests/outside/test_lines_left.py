"""A line that is used again: the other side may have left it, and the new question has a deadline of its own."""

import socket
import threading
import time

import pytest

from outside.exchange import UnreachableError
from tests.fakes.talker import OK, Ask, Talker


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_question_that_met_a_line_just_left_is_asked_again(ask: Ask, method: str) -> None:
    with Talker(OK, b"", b"HTTP/1.1 204 Done\r\n\r\n") as shop:
        ask(shop)

        assert ask(shop, method).status == 204

    assert shop.used == [1, 1, 2]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_what_may_do_something_twice_is_not_asked_again(ask: Ask, method: str) -> None:
    with Talker(OK, b"") as shop:
        ask(shop)

        with pytest.raises(UnreachableError, match="the connection failed"):
            ask(shop, method)

    assert shop.used == [1, 1]


def test_a_new_line_that_is_left_is_not_tried_twice(ask: Ask) -> None:
    with Talker(b"") as shop, pytest.raises(UnreachableError):
        ask(shop)

    assert shop.used == [1]


@pytest.mark.parametrize(
    "beginning", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n"]
)
def test_a_line_that_is_used_again_keeps_the_deadline_of_its_new_question(ask: Ask, beginning: bytes) -> None:
    is_over = threading.Event()

    def dribble(line: socket.socket) -> None:
        line.sendall(beginning)
        while not is_over.wait(0.05):
            line.sendall(b"x")

    with Talker(OK, dribble) as shop:
        ask(shop, deadline_s=5.0)
        started = time.monotonic()
        with pytest.raises(UnreachableError, match="no answer in time"):
            ask(shop, deadline_s=0.4)
        took = time.monotonic() - started
        is_over.set()

    assert 0.3 < took < 1.5
    assert shop.used == [1, 1]


def test_the_end_of_an_earlier_question_that_comes_late_ends_no_later_one(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[threading.Timer] = []

    class Recorded(threading.Timer):
        def start(self) -> None:
            made.append(self)
            super().start()

    monkeypatch.setattr("outside.watch.threading.Timer", Recorded)

    def be_late(line: socket.socket) -> None:
        made[0].function()
        line.sendall(OK)

    with Talker(OK, be_late) as shop:
        ask(shop)

        assert ask(shop, "POST").body == b"ok"

    assert shop.used == [1, 1]
