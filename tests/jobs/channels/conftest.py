"""Shops that are faked, and senders as of several job processes, whose turns the test takes."""

import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from jobs.channels import note
from jobs.channels.send import LevelSending
from merchant_api.channels import connectors
from tests.fakes.web_shop import FakeShops

PATIENCE_S = 20


@pytest.fixture
def shops(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeShops]:
    """What stands behind every kind."""
    made = FakeShops()
    monkeypatch.setattr(connectors, "of", lambda _kind: made)
    yield made
    for gate in made.gates.values():
        gate.set()


@pytest.fixture
def start(fresh: Flask, shops: FakeShops) -> Iterator[Callable[[], LevelSending]]:
    """Makes senders as of several processes."""
    made: list[LevelSending] = []

    def begin() -> LevelSending:
        made.append(LevelSending())
        return made[-1]

    yield begin
    for gate in shops.gates.values():
        gate.set()
    for each in made:
        each.drain(PATIENCE_S)


@pytest.fixture
def sending(start: Callable[[], LevelSending]) -> LevelSending:
    """The sender of this process."""
    return start()


@pytest.fixture
def all_sent(sending: LevelSending) -> Callable[[], None]:
    """Note and send until nothing is due and nothing on its way."""
    return lambda: settle(sending)


def settle(sending: LevelSending) -> None:
    """As `all_sent`, by the sender that is named."""
    until = time.monotonic() + PATIENCE_S
    while note.run().done or sending.turn() or sending.is_busy:
        assert time.monotonic() < until
        time.sleep(0.002)
