"""The model's part for money, from DESIGN.md: parts that count, money parked, given back, late, told by a provider."""

from tests.machine.money_things import Payment
from tests.machine.things import ENDED_BADLY

PART = 25


class Money:
    """What becomes of money; each verb gives "ok" or the code of the refusal due. Events of a provider never fail."""

    def pay(self, order, amount, reference, paid_at, *, is_own=True):
        """`paid_at` None: now. The same report again is `ok` and changes nothing."""
        known = self.payments.get(reference)
        if known is not None:
            return "ok" if (known.order, known.amount, known.is_own) == (order, amount, is_own) else "reference_used"
        is_late = order.state == "awaiting_payment" and (self.now if paid_at is None else paid_at) > order.pay_by
        is_over = order.state in ENDED_BADLY or (order.state == "delivered" and order.terms != "on_delivery")
        payment = self.payments[reference] = Payment(order, amount, is_over or is_late or not is_own, is_own)
        if payment.is_parked:
            order.parked += 1
            order.parked_sum += amount if is_own else 0
            return "ok"
        order.paid += amount
        self._goes_on(order)
        return "ok"

    def _goes_on(self, order):
        if order.state == "awaiting_payment" and not order.left:
            self._confirm(order)

    def revive(self, reference):
        payment = self.payments[reference]
        order = payment.order
        if not payment.is_parked or not payment.here:
            return "not_parked"
        if order.state not in ("awaiting_payment", "expired") and not order.is_overdue:
            return "wrong_state"
        lacking = max(0, order.total - order.in_hand)
        if not payment.is_own or order.parked_sum < lacking:
            return "not_the_amount_due"
        if order.state != "awaiting_payment":
            refused = self._hold_anew(order)
            if refused:
                return refused
        for each in [payment, *(other for other in self.payments.values() if other is not payment)]:
            is_part = each.order is order and each.is_parked and each.is_own and each.here
            if each is payment or (is_part and lacking > 0):
                lacking -= each.here
                self._count(each)
        order.is_overdue = False
        self._confirm(order)
        return "ok"

    def _count(self, payment):
        order = payment.order
        payment.is_parked = False
        order.parked -= 1
        order.parked_sum -= payment.here
        order.paid += payment.amount
        order.refunded += payment.refunded

    def _hold_anew(self, order):
        """All of the order, or the code of what stands against it."""
        kept = [line for line in order.lines if line.kept and line.goods.is_tracked]
        if any(line.goods.available < sum(each.kept for each in kept if each.goods is line.goods) for line in kept):
            return "insufficient_stock"
        if any(line.goods.is_registration and self._is_registered(order.who, line.goods) for line in kept):
            return "already_registered"
        for line in order.lines:
            line.promised = 0
        for line in kept:
            self._hold(order, line, line.kept)
        return None

    def tell(self, purse, event):
        """An event of a purse: the first time it counts, or waits for the payment that it is about."""
        if event in purse.told:
            return
        purse.told.add(event)
        if event in ("paid", "by checkout"):
            self.pay(purse.order, purse.amount, purse.name, purse.made_at)
        elif purse.name in self.payments:
            self._told_back(purse, event)
        else:
            purse.waiting.append(event)

    def catch_up(self):
        """The job that tries again what waited."""
        for purse in self.purses:
            if purse.name in self.payments:
                for event in purse.waiting:
                    self._told_back(purse, event)
                purse.waiting.clear()

    def _told_back(self, purse, event):
        """Two refunds: one of a part, one of the rest, which may fail, and then failed it is whatever is told later."""
        payment, rest = self.payments[purse.name], purse.amount - PART
        if event == "part back":
            self._goes_back(payment, PART)
        elif event == "rest back" and purse.rest is None:
            self._goes_back(payment, rest)
            purse.rest = "done"
        elif event == "rest failed":
            if purse.rest == "done":
                self._comes_back(payment, rest)
            purse.rest = "failed"
