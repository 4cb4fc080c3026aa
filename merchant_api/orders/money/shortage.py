"""Shortage: which lines of an order stock does not cover now, said to whoever records its money."""

from collections.abc import Sequence
from dataclasses import dataclass

from merchant_api.core.sentences.sentence import Sentence, say, say_all
from merchant_api.orders.models import OrderLine
from merchant_api.orders.states import BEFORE_PICKUP
from merchant_api.orders.view import LineView, OrderView
from merchant_api.stock import short


@dataclass(frozen=True, slots=True)
class Shortage:
    """A line that stock does not cover: `promised` units are the merchant's word, `owed` ones wait for stock."""

    row: OrderLine
    promised: int
    owed: int

    @property
    def why(self) -> Sentence:
        """The two as a sentence."""
        wanted, parts = self.row.kept, []
        if self.promised:
            parts.append(say("shortage.promised", promised=self.promised, wanted=wanted))
        if self.owed:
            parts.append(say("shortage.owed", owed=self.owed, wanted=wanted))
        return say_all(parts)


def of(shown: OrderView) -> Sequence[Shortage]:
    """The short lines of an order that is not on its way yet; one read, and only where it holds units.

    Of a request, what waits for the merchant's answer is owed: nothing on the shelf is held for it.
    """
    order = shown.order
    if order.state not in BEFORE_PICKUP:
        return []
    is_holding = any(line.held for line in shown.lines)
    beyond = short.of_order(order.merchant_id, order.id) if is_holding else {}
    found = [_shortage(line, beyond.get(line.row.line, 0)) for line in shown.lines if line.row.is_tracked]
    return [each for each in found if each.promised or each.owed]


def _shortage(line: LineView, beyond: int) -> Shortage:
    row = line.row
    unheld = row.kept - row.promised - line.held - line.settled
    return Shortage(row, row.promised, beyond + max(unheld, 0))
