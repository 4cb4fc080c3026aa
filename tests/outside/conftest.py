"""The stand-ins that the tests of calls to the outside share."""

from collections.abc import Iterator

import pytest

from outside.exchange import Outside, Question, ReceivedAnswer
from outside.kept import KeptLines
from outside.reach import Reach
from tests.fakes.push_receiver import PushReceiver
from tests.fakes.talker import Ask, Talker


@pytest.fixture
def push_service() -> Iterator[PushReceiver]:
    with PushReceiver() as receiver:
        yield receiver


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Asks a talker through one Outside, by whatever name, for 100 bytes at most."""
    kept = KeptLines()
    reach = Reach(frozenset({"a.example", "b.example", "127.0.0.1"}))
    outside = Outside(reach, lambda _host, _port: ["127.0.0.1"], kept)

    def to(talker: Talker, method: str = "GET", name: str = "127.0.0.1", deadline_s: float = 5.0) -> ReceivedAnswer:
        body = b"{}" if method == "POST" else None
        return outside.ask(Question(method, f"http://{name}:{talker.port}/x", body, {}, 100), deadline_s)

    yield to
    kept.close()
