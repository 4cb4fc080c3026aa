"""The model's part for customers who are not proven yet, from DESIGN.md: what goes beyond their bounds is asked."""

from tests.machine.things import ENDED_BADLY

STRANGER = 3  # the number of the customer whom the shop does not trust
ORDERS, UNITS, SHARE = 2, 4, 50


class Unproven:
    """A shop that has `orders`, each with who placed it."""

    def _asked(self, wanted, verdicts, takes, who):
        """Verdicts and takes as they are for who orders; `wanted`: goods and units by line."""
        if who != STRANGER or self._is_proven(who):
            return verdicts, takes
        mine = [order for order in self.orders if order.who == who and self._is_open(order)]
        beyond = [len(mine) >= ORDERS or self._is_beyond(goods, wanted, verdicts, mine) for goods, _ in wanted]
        return (
            ["ask" if over else verdict for over, verdict in zip(beyond, verdicts, strict=True)],
            [{} if over else taken for over, taken in zip(beyond, takes, strict=True)],
        )

    def _is_beyond(self, goods, wanted, verdicts, mine):
        lines = zip(wanted, verdicts, strict=True)
        units = sum(units for (each, units), verdict in lines if each is goods and verdict != "ask")
        if not goods.is_tracked or not units:
            return False
        held = sum(
            line.kept for order in mine for line in order.lines if line.goods is goods and self._promises(order, line)
        )
        on_hand = sum(cell.on_hand for cell in goods.cells.values())
        return held + units > max(UNITS, on_hand * SHARE // 100)

    def _promises(self, order, line):
        return not (order.state == "requested" and line.verdict == "ask")

    def _is_open(self, order):
        return order.state not in (*ENDED_BADLY, "delivered")

    def _is_proven(self, who):
        return any(
            order.state == "delivered" or (order.state not in ENDED_BADLY and order.in_hand >= max(order.total, 1))
            for order in self.orders
            if order.who == who
        )
