"""One call of a shop with levels: made ready under a lease, sent on a thread, and what came back."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from merchant_api.channels import dial
from merchant_api.channels.connector import WebShop
from merchant_api.channels.faults import ShopFault, ShopOdd
from merchant_api.channels.levels.claim import PackedLevel
from merchant_api.channels.models import Channel
from merchant_api.channels.shop_levels import Acknowledged, ItemRef, LevelOutcome, LevelWanted, Response, ShopLevel

Outcomes = dict[ItemRef, LevelOutcome]
RIGHT = Response("Read, not sent: the shop sells this already.")


@dataclass(eq=False, slots=True)
class LevelCall:
    """Levels of one channel that go together; `made` is when by the steady clock, `sent` when it set out."""

    channel: Channel
    levels: Sequence[PackedLevel]
    opens: Callable[[], WebShop] = field(repr=False)
    at: datetime
    made: float = field(default_factory=time.monotonic)
    sent: float = 0.0

    @property
    def merchant_id(self) -> UUID:
        """Of the channel."""
        return self.channel.merchant_id

    @property
    def leases(self) -> list[tuple[UUID, UUID]]:
        """Its records and their tokens."""
        return [(each.id, each.token) for each in self.levels]

    def send(self) -> Outcomes:
        """On a thread of the pool: no database. Raises ShopFault."""
        shop = self.opens()
        right = self._right_already(shop)
        wanted = [LevelWanted(each.ref, each.level, each.known) for each in self.levels if each.ref not in right]
        outcomes = dial.asked(lambda: shop.set_levels(wanted)) if wanted else ()
        return right | {each.ref: each for each in outcomes}

    def _right_already(self, shop: WebShop) -> Outcomes:
        """Of what the shop itself sold: what it is read to sell as it shall. A shop that can't tell is just told."""
        unsure = {each.ref: each.level for each in self.levels if each.is_unsure}
        if not unsure:
            return {}
        try:
            found = dial.asked(lambda: shop.read_levels(list(unsure)))
        except ShopOdd:
            return {}
        return {
            each.ref: Acknowledged(each.ref, each.sells, each.stands or each.sells, RIGHT)
            for each in found
            if isinstance(each, ShopLevel) and each.sells is not None and each.sells == unsure[each.ref]
        }


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A call that came back: with what the shop said of each item, or with the fault of it all."""

    call: LevelCall
    result: Outcomes | ShopFault


def ended(call: LevelCall, future: "Future[Outcomes]") -> CallEnded:
    """What came of a call, whatever its connector raised."""
    error = future.exception()
    if error is None:
        return CallEnded(call, future.result())
    return CallEnded(call, error if isinstance(error, ShopFault) else ShopOdd(f"The call broke ({error!r:.200})."))
