"""The guard is asked for new lines: one that is kept never carries a name past it for longer than a minute."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from outside.exchange import Outside, Question
from outside.guard import ForbiddenError
from outside.kept import OLDEST_S, KeptLines
from outside.reach import Reach
from tests.fakes.certificates import write_certificates
from tests.fakes.talker import OK, Talker

PUBLIC = "93.184.215.14"


@pytest.fixture
def tls_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Talker]:
    """A shop that whoever dials shop.example comes to, whatever address it has."""
    ca, leaf = write_certificates(tmp_path, "shop.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(ca))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(leaf)
    dial = socket.create_connection
    with Talker(tls=tls) as shop:

        def dial_shop(_address: tuple[str, int], timeout: float) -> socket.socket:
            return dial(("127.0.0.1", shop.port), timeout)

        monkeypatch.setattr("outside.dial.socket.create_connection", dial_shop)
        yield shop


def test_a_name_that_turns_inside_keeps_its_line_a_minute_at_most_and_gets_no_other(tls_shop: Talker) -> None:
    known, at = [PUBLIC], [0.0]
    kept = KeptLines(lambda: at[0], idle_s=OLDEST_S)
    outside = Outside(resolve=lambda _host, _port: known, kept=kept)
    question = Question("GET", "https://shop.example/", None, {})

    outside.ask(question, 5.0)
    known[:] = ["127.0.0.1"]
    outside.ask(question, 5.0)
    at[0] = OLDEST_S

    with pytest.raises(ForbiddenError):
        outside.ask(question, 5.0)
    assert tls_shop.used == [1, 1]


def test_a_name_that_turns_inside_gets_no_line_in_place_of_one_that_was_left(tls_shop: Talker) -> None:
    known = [PUBLIC]
    tls_shop.says = [OK, b""]
    outside = Outside(resolve=lambda _host, _port: known)
    question = Question("GET", "https://shop.example/", None, {})

    outside.ask(question, 5.0)
    known[:] = ["127.0.0.1"]

    with pytest.raises(ForbiddenError):
        outside.ask(question, 5.0)
    assert tls_shop.used == [1, 1]


def test_a_line_to_an_opened_spelling_serves_no_other() -> None:
    with Talker() as shop:
        reach = Reach(opened=frozenset({f"shop.example.:{shop.port}"}))
        outside = Outside(reach, lambda _host, _port: ["127.0.0.1"])
        outside.ask(Question("GET", f"http://shop.example.:{shop.port}/", None, {}), 5.0)

        with pytest.raises(ForbiddenError):
            outside.ask(Question("GET", f"http://shop.example:{shop.port}/", None, {}), 5.0)

    assert shop.used == [1]
