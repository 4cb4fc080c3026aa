"""The model's part for what comes after the sale: parts cancelled, wishes to cancel, returns; from DESIGN.md."""

from tests.machine.things import BEFORE_PICKUP

RESPOND_S, CANCEL_S = 1800, 1800


class AfterTheSale:
    """What the shop can do with an order that was placed; each verb gives "ok" or the code of the refusal due."""

    def reduce(self, order, parts, *, by_customer, restock):
        """`parts`: units by the line's number."""
        if by_customer and restock is not None:
            return "forbidden"
        if order.state not in BEFORE_PICKUP:
            return "wrong_state"
        if by_customer and order.state == "confirmed" and self.now >= order.confirmed_at + CANCEL_S:
            return "cancel_window_over"
        if any(units > order.lines[number].kept for number, units in parts.items()):
            return "more_than_left"
        if all(line.kept == parts.get(number, 0) for number, line in enumerate(order.lines)):
            return self.cancel(order, by_customer=by_customer, restock=restock)
        gone = [(order.lines[number], self._unpromise(order.lines[number], units)) for number, units in parts.items()]
        there = [] if restock is not False else self._there([line.hold for line, units in gone if units])
        for line, units in gone:
            if units:
                line.hold.give_back(units)
                line.goods.on_hand -= units if line.hold in there else 0
        return "ok"

    def _unpromise(self, line, units):
        """The merchant's word goes first; gives the units that a hold has to give."""
        spoken = min(line.promised, units)
        line.promised -= spoken
        line.cancelled += units
        return units - spoken if line.hold is not None else 0

    def _there(self, ending):
        """Those of the holds whose units lie there and are nobody's before: the oldest promise of a product first."""
        there = [hold for hold in ending if hold.state == "settled"]
        for goods in {id(hold.goods): hold.goods for hold in ending}.values():
            left = goods.on_hand
            for order, hold in self.holds:
                if hold.goods is not goods or hold.state != "open":
                    continue
                is_mine = any(hold is each for each in ending)
                if hold.units > left and (is_mine or order.confirmed_at is not None):
                    break
                if hold.units <= left:
                    left -= hold.units
                    there += [hold] if is_mine else []
        return there

    def ask_cancel(self, order):
        if order.state != "confirmed":
            return "wrong_state"
        if self.now < order.confirmed_at + CANCEL_S:
            return "still_in_window"
        if order.has_asked:
            return "asked_before"
        order.has_asked, order.wish_by = True, self.now + RESPOND_S
        return "ok"

    def answer_wish(self, order, *, is_granted):
        if order.state not in (BEFORE_PICKUP if is_granted else ("confirmed",)):
            return "wrong_state"
        if order.wish_by is None:
            return "nothing_asked"
        if self.now >= order.wish_by:
            return "too_late"
        order.wish_by = None
        return self.cancel(order, by_customer=False, restock=None) if is_granted else "ok"

    def sweep_wishes(self):
        for order in self.orders:
            if order.wish_by is not None and order.wish_by <= self.now:
                order.wish_by = None

    def give_back(self, order, number, units, *, is_damaged):
        if order.state != "delivered":
            return "wrong_state"
        line = order.lines[number]
        if units > line.kept - line.returned:
            return "more_than_delivered"
        line.returned += units
        if line.goods.is_tracked:
            held = min(units, line.hold.units) if line.hold is not None else 0
            if held:
                line.hold.give_back(held)
            line.goods.on_hand += -held if is_damaged else units - held
        return "ok"
