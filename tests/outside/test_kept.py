"""Which lines are kept for another question, for how long, and when one is not used again."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from outside.kept import IDLE_S, MOST, MOST_OF_A_PLACE, OLDEST_S, KeptLines, OpenLine, Reached

SHOP = Reached("https", "shop.example", 443, False)


class Keeper:
    """Lines of socket pairs, kept by a clock that the test sets."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.lines = KeptLines(lambda: self.at)
        self.peers: list[socket.socket] = []

    def keep(self, reached: Reached = SHOP, dialled_at: float | None = None) -> OpenLine:
        ours, peer = socket.socketpair()
        self.peers.append(peer)
        line = OpenLine(ours, reached, self.at if dialled_at is None else dialled_at)
        self.lines.keep(line)
        return line

    def take(self, reached: Reached = SHOP) -> OpenLine | None:
        return self.lines.take(reached)


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    made = Keeper()
    yield made
    made.lines.close()
    for peer in made.peers:
        peer.close()


def _is_closed(line: OpenLine) -> bool:
    return line.socket.fileno() == -1


def test_a_line_is_given_to_one_question_only(keeper: Keeper) -> None:
    line = keeper.keep()

    assert keeper.take() is line
    assert keeper.take() is None

    line.socket.close()


@pytest.mark.parametrize("other", [{"scheme": "http"}, {"host": "b.example"}, {"port": 8443}, {"is_opened": True}])
def test_a_line_serves_no_other_place(keeper: Keeper, other: dict[str, Any]) -> None:
    keeper.keep()

    assert keeper.take(SHOP._replace(**other)) is None


@pytest.mark.parametrize(("after_s", "is_used"), [(IDLE_S - 0.1, True), (IDLE_S, False)])
def test_a_line_is_kept_for_seconds(keeper: Keeper, after_s: float, is_used: bool) -> None:
    line = keeper.keep()

    keeper.at += after_s

    assert (keeper.take() is line) is is_used
    assert _is_closed(line) is not is_used
    line.socket.close()


@pytest.mark.parametrize(("age_s", "is_used"), [(OLDEST_S - 0.1, True), (OLDEST_S, False)])
def test_no_line_outlives_a_minute_however_busy_it_is(keeper: Keeper, age_s: float, is_used: bool) -> None:
    line = keeper.keep(dialled_at=keeper.at - age_s + 1)

    keeper.at += 1

    assert (keeper.take() is line) is is_used
    line.socket.close()


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 408 Request Timeout\r\n\r\n"])
def test_a_line_on_which_something_came_unasked_is_thrown_away(keeper: Keeper, said: bytes) -> None:
    earlier, line = keeper.keep(), keeper.keep()

    keeper.peers[1].sendall(said)
    keeper.peers[1].close()

    assert keeper.take() is earlier
    assert _is_closed(line)
    earlier.socket.close()


def test_of_one_place_few_lines_are_kept_and_the_longest_idle_goes(keeper: Keeper) -> None:
    lines = [keeper.keep() for _ in range(MOST_OF_A_PLACE + 1)]

    assert [_is_closed(line) for line in lines] == [True] + [False] * MOST_OF_A_PLACE


def test_of_many_places_no_more_lines_are_kept_than_the_bound(keeper: Keeper) -> None:
    lines = [keeper.keep(SHOP._replace(host=f"shop{number}.example")) for number in range(MOST + 2)]

    assert [_is_closed(line) for line in lines] == [True] * 2 + [False] * MOST


def test_a_line_that_nobody_asks_for_again_is_closed_by_itself() -> None:
    ours, peer = socket.socketpair()
    with peer:
        peer.settimeout(10)

        KeptLines(idle_s=0.05).keep(OpenLine(ours, SHOP, 0.0))

        assert peer.recv(1) == b""


def test_many_threads_never_hold_one_line_at_once(keeper: Keeper) -> None:
    held: set[int] = set()
    lock, faults = threading.Lock(), list[str]()
    for _ in range(3):
        keeper.keep()

    def use() -> None:
        for _ in range(200):
            if (line := keeper.take()) is not None:
                with lock:
                    faults.extend(["held twice"] if id(line) in held else [])
                    held.add(id(line))
                with lock:
                    held.discard(id(line))
                keeper.lines.keep(line)

    threads = [threading.Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
