"""What a shop's order asks of our stock, pure: how it differs from what was applied, line by line.

Whatever came between is of no matter: by every way, or by the last reading alone, the same units are taken in the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from merchant_api.channels.sales.applied import AppliedLine, AppliedSale
from merchant_api.channels.shop_orders import ShopLine, ShopOrder
from merchant_api.core.columns import LARGEST_QUANTITY


@dataclass(frozen=True, slots=True)
class LineWish:
    """What one line asks: units to be taken and to leave our orders, of which the shop has `restocked` some.

    `found` units were written off before, and are in the shop's stock again, or sold again: they come back into ours
    (`restocks_found`: because the shop restocked them, which the channel's setting decides).
    """

    key: str
    takes: int = 0
    leaves: int = 0
    restocked: int = 0
    found_restocked: int = 0
    found_sold: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether stock follows the line already."""
        return not (self.takes or self.leaves or self.found_restocked or self.found_sold)


def standing_of(line: ShopLine) -> tuple[int, int]:
    """Units that the shop has taken, and those of them that are to be delivered."""
    taken = max(0, min(line.taken, LARGEST_QUANTITY))
    lost = max(0, line.cancelled - max(0, line.quantity - taken))
    return taken, max(0, taken - lost)


def wish(line: ShopLine, applied: AppliedLine | None) -> LineWish:
    """What a line asks, beside what was applied of it."""
    taken, stands = standing_of(line)
    was, stood = (0, 0) if applied is None else (applied.taken, applied.stands)
    new, back = max(0, taken - was), max(0, was - taken)
    leaves, comes = max(0, stood - stands), max(0, stands - stood)
    restocked = min(leaves, back)
    return LineWish(
        key=line.key,
        takes=max(new, comes),
        leaves=leaves,
        restocked=restocked,
        found_restocked=back - restocked,
        found_sold=max(0, comes - new),
    )


def wishes(order: ShopOrder, applied: AppliedSale, *, is_known: bool = True) -> list[LineWish]:
    """What the whole order asks. A line that the shop does not name any more has given everything back, unless some
    line is not known here (`is_known`), which may be that one.
    """
    named = {line.key for line in order.lines}
    gone = [
        ShopLine(key, None, None, "", 0, 0)
        for key, line in applied.lines.items()
        if is_known and key not in named and line.taken
    ]
    found = [wish(line, applied.lines.get(line.key)) for line in (*order.lines, *gone)]
    return [each for each in found if not each.is_nothing]


def adopt(order: ShopOrder, applied: AppliedSale, products: Mapping[str, UUID]) -> None:
    """Give what was applied of lines that have other keys now to those lines: of the same product, each once.

    A shop that makes new lines when it edits, and the call of a shop that is read as well, sell nothing twice by it.
    """
    named = {line.key for line in order.lines}
    orphans = [key for key in applied.lines if key not in named]
    for line in order.lines:
        if line.key in applied.lines or line.key not in products:
            continue
        same = next((key for key in orphans if applied.lines[key].product_id == products[line.key]), None)
        if same is not None:
            orphans.remove(same)
            applied.lines[line.key] = applied.lines.pop(same)
