"""The stand-in's leaky bucket: the points of an app in a shop, which come back by the second."""

import time
from typing import Any


class Bucket:
    """Points that an app may spend in a shop."""

    def __init__(self, size: float = 2000, restore_rate: float = 100) -> None:
        self.size, self.left, self.restore_rate = size, size, restore_rate
        self._at = time.monotonic()

    def spend(self, cost: int) -> bool:
        """Whether a question of this cost is answered now."""
        now = time.monotonic()
        self.left = min(self.size, self.left + (now - self._at) * self.restore_rate)
        self._at = now
        is_enough = cost <= self.left
        self.left -= cost if is_enough else 0
        return is_enough

    def told(self, cost: int) -> dict[str, Any]:
        """What stands in each answer of it."""
        status = {"maximumAvailable": self.size, "currentlyAvailable": self.left, "restoreRate": self.restore_rate}
        return {"cost": {"requestedQueryCost": cost, "actualQueryCost": None, "throttleStatus": status}}
