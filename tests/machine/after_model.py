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
        if restock is False:
            self._look_elsewhere(order)
        gone = [given for number, units in parts.items() for given in self._unpromise(order.lines[number], units)]
        there = [] if restock is not False else self._there([hold for hold, _ in gone])
        for hold, units in gone:
            hold.give_back(units)
            hold.cell.on_hand -= units if hold in there else 0
        if order.state == "awaiting_payment" and not order.left:
            self._confirm(order)  # what was left to pay is cancelled
        return "ok"

    def _unpromise(self, line, units):
        """The merchant's word goes first, then what is open, the newest first; gives what each hold has to give."""
        spoken = min(line.promised, units)
        line.promised -= spoken
        line.cancelled += units
        left, given = units - spoken, []
        for state in ("open", "settled"):
            for hold in reversed(line.holds):
                part = min(hold.units, left)
                if hold.state == state and part:
                    given.append((hold, part))
                    left -= part
        return given

    def _there(self, ending):
        """Those of the holds whose units lie there and are nobody's before: the oldest promise of a cell first."""
        there = [hold for hold in ending if hold.state == "settled"]
        for cell in {id(hold.cell): hold.cell for hold in ending}.values():
            left = cell.on_hand
            for order, hold in self.holds:
                if hold.cell is not cell or hold.state != "open":
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
            left = units
            for hold in line.holds:
                part = min(left, hold.units)
                if part:
                    hold.give_back(part)
                    hold.cell.on_hand -= part if is_damaged else 0
                    left -= part
            line.goods.cells["default"].on_hand += 0 if is_damaged else left
        return "ok"
