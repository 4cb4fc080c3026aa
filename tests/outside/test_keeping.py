"""Questions to one place share a line as long as that changes nothing of what an answer may be."""

import socket

import pytest

from outside.exchange import Outside, UnreachableError
from outside.reach import Reach
from tests.fakes.talker import OK, Ask, Talker

CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nSome: trailer\r\n\r\n"


def test_questions_to_one_place_share_a_line(ask: Ask) -> None:
    with Talker() as shop:
        answers = [ask(shop, method).body for method in ("GET", "POST", "PUT", "GET")]

    assert answers == [b"ok"] * 4
    assert shop.used == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("method", "said"),
    [
        *(("GET", CHUNKS), ("GET", b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok")),
        *(("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"), ("POST", b"HTTP/1.1 204 Done\r\n\r\n")),
        *(("GET", b"HTTP/1.1 304 Same\r\nETag: x\r\n\r\n"), ("GET", b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n")),
        ("GET", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"x" * 100),
        ("POST", b"HTTP/1.1 100 Continue\r\n\r\n" + OK),
        ("GET", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + OK),
    ],
)
def test_a_line_whose_answer_ended_plainly_is_used_again(ask: Ask, method: str, said: bytes) -> None:
    with Talker(said) as shop:
        ask(shop, method)

        assert ask(shop).body == b"ok"

    assert shop.used == [1, 1]


@pytest.mark.parametrize("status", [100, 102, 103, 199])
def test_an_interim_answer_is_not_the_answer(ask: Ask, status: int) -> None:
    with Talker(b"HTTP/1.1 %d Soon\r\nLink: </x>\r\n\r\n" % status + OK) as shop:
        answer = ask(shop)

    assert (answer.status, answer.body, "link" in answer.headers) == (200, b"ok", False)


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n" + b"x" * 101,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" + b"x" * 101 + b"\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\n\r\n",
    ],
)
def test_a_line_whose_answer_did_not_end_plainly_is_closed(ask: Ask, said: bytes) -> None:
    with Talker(said) as shop:
        ask(shop)
        assert shop.left.get(timeout=10) == 1

        ask(shop)

    assert shop.used == [1, 2]


def test_no_more_is_read_than_the_cap_on_a_line_that_is_used_again(ask: Ask) -> None:
    with Talker(OK, b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + b"x" * 900) as shop:
        ask(shop)

        assert len(ask(shop).body) == 100
        assert shop.left.get(timeout=10) == 1


def test_an_answer_that_breaks_off_is_none(ask: Ask) -> None:
    def break_off(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12")
        line.shutdown(socket.SHUT_WR)

    with Talker(break_off) as shop, pytest.raises(UnreachableError, match="IncompleteRead"):
        ask(shop)


def test_two_names_of_one_address_share_no_line(ask: Ask) -> None:
    with Talker() as shop:
        for name in ("a.example", "b.example", "A.example"):
            ask(shop, name=name)

    assert shop.used == [1, 2, 1]


def test_two_ports_of_one_address_share_no_line(ask: Ask) -> None:
    with Talker() as one, Talker() as other:
        ask(one)
        ask(other)

    assert (one.used, other.used) == ([1], [1])


def test_a_post_goes_over_a_line_of_its_own() -> None:
    with Talker() as shop:
        outside = Outside(Reach(frozenset({shop.host})))
        for _ in range(2):
            outside.post(f"http://{shop.host}/x", b"", {}, 5.0)

    assert shop.used == [1, 2]
