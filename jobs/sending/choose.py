"""What sets out in a turn: looked at in the order of the lines, chosen by the lanes that have room, and leased.

What is chosen is tried out in a copy of the lanes, so that hardly anything is leased that cannot set out. What was left
out because its lane had become full may have hidden others, so it is looked once more without it.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Generic
from uuid import UUID

from jobs.sending.cargo import Cargo, P, Round, Row
from jobs.sending.lanes import Lanes
from merchant_api.outbox import claim
from merchant_api.outbox.look import Glance, look

MERCHANTS_AT_ONCE = 50
LOOKS = 2
LEAST_LOOKED_AT = 4  # of each merchant, however many there are


class Turn(Generic[Row, P]):
    """One turn of a cargo, in the transaction that is open."""

    def __init__(self, cargo: Cargo[Row, P], lanes: Lanes, at: datetime) -> None:
        self._cargo = cargo
        self._lanes = lanes.copy()
        self._at = at

    def take(self) -> list[Row]:
        """The rows that may set out, leased; of each round the oldest first."""
        due = claim.merchants_due(self._cargo.table, self._at, MERCHANTS_AT_ONCE)
        leased: list[Row] = []
        again: set[int] | None = None  # numbers of rounds; all of them at first
        for _ in range(LOOKS if due else 0):
            rounds = enumerate(self._cargo.rounds(self._lanes))
            looked_at = [(number, each) for number, each in rounds if again is None or number in again]
            again = {number for number, each in looked_at if self._look(each, due, leased)}
        return leased

    def _look(self, each: Round, due: Sequence[UUID], leased: list[Row]) -> bool:
        """One round, leased; gives whether something was left out for want of room, and others may stand behind it."""
        rooms = self._rooms(each, due)
        found = look(self._cargo.table, Glance(rooms, self._at, each.only, each.line, each.given))
        chosen = [row for row in found if self._lanes.enter(self._cargo.lanes_of(row))]
        leased += claim.take_chosen(chosen, self._at, claim.lease_for(each.deadline_s))
        seen = Counter(row.merchant_id for row in found)
        return len(chosen) < len(found) and any(seen[merchant] == room for merchant, room in rooms.items())

    def _rooms(self, each: Round, due: Sequence[UUID]) -> dict[UUID, int]:
        """How many are looked at of each merchant that has room, not many more in all than may set out."""
        most = max(LEAST_LOOKED_AT, 2 * self._lanes.free // len(due))
        rooms = {merchant: min(map(self._lanes.room, each.lanes_of(merchant))) for merchant in due}
        return {merchant: min(room, most) for merchant, room in rooms.items() if room > 0 and self._lanes.free > 0}
