"""A web shop in this process that takes levels as it is told to, and remembers every call."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from merchant_api.channels.connector import Abilities, CredentialField, ShopAccess
from merchant_api.channels.faults import ShopOdd
from merchant_api.channels.shop_levels import Acknowledged, ItemRef, LevelOutcome, LevelWanted, Response, ShopLevel
from merchant_api.channels.wire import ShopWire

OK = Response("taken", 200)
Answer = Callable[[LevelWanted], LevelOutcome]


def taken(wanted: LevelWanted) -> LevelOutcome:
    """What a shop answers that does as it is told."""
    return Acknowledged(wanted.ref, wanted.level, wanted.level, OK)


@dataclass
class FakeShops:
    """Every shop of every channel, by its address; a connector, and what it opens.

    `faults` of an address are raised by its next calls, one each; `answers` of an item are what comes of it, else it is
    taken. `gates` of an address hold its calls until they are set.
    """

    abilities: Abilities = field(default_factory=lambda: Abilities([CredentialField("key", "Key")], most_set=10))
    calls: list[tuple[str, list[tuple[str, int]]]] = field(default_factory=list)
    levels: dict[tuple[str, str], int] = field(default_factory=dict)
    faults: dict[str, deque[Exception]] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    gates: dict[str, threading.Event] = field(default_factory=dict)
    can_read: bool = True
    overlaps: list[ItemRef] = field(default_factory=list)
    _out: set[tuple[str, ItemRef]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    began: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def can(self, **abilities: Any) -> None:
        """Change what its kind can do."""
        self.abilities = replace(self.abilities, **abilities)

    def open(self, access: ShopAccess, _wire: ShopWire) -> "FakeShop":
        """The shop of an address."""
        return FakeShop(self, access.address)

    def gate(self, address: str) -> threading.Event:
        """Holds the calls of a shop until it is set."""
        return self.gates.setdefault(address, threading.Event())

    def sent(self, address: str | None = None) -> list[list[tuple[str, int]]]:
        """The calls of a shop, or of all: what each set."""
        return [levels for each, levels in self.calls if address in (None, each)]

    def set(self, address: str, wanted: Sequence[LevelWanted]) -> list[LevelOutcome]:
        """One call."""
        keys = {(address, each.ref) for each in wanted}
        with self._lock:
            self.overlaps += [ref for _, ref in keys & self._out]
            self._out |= keys
            self.calls.append((address, [(each.ref.shop_id, each.level) for each in wanted]))
            waiting = self.faults.get(address)
            fault = waiting.popleft() if waiting else None
        self.began.release()
        try:
            if address in self.gates:
                assert self.gates[address].wait(20)
            if fault is not None:
                raise fault
            outcomes = [self.answers.get(each.ref.shop_id, taken)(each) for each in wanted]
            for outcome in outcomes:
                if isinstance(outcome, Acknowledged):
                    self.levels[address, outcome.ref.shop_id] = outcome.level
            return outcomes
        finally:
            with self._lock:
                self._out -= keys


@dataclass
class FakeShop:
    """A shop that was opened."""

    shops: FakeShops
    address: str

    def set_levels(self, wanted: Sequence[LevelWanted]) -> list[LevelOutcome]:
        """As the port says."""
        return self.shops.set(self.address, wanted)

    def read_levels(self, refs: Sequence[ItemRef]) -> list[ShopLevel]:
        """What was set last, or ShopOdd where the kind can't tell."""
        if not self.shops.can_read:
            raise ShopOdd("It does not tell its levels.")
        found = [(ref, self.shops.levels.get((self.address, ref.shop_id))) for ref in refs]
        return [ShopLevel(ref, level, level) for ref, level in found]
