"""The model's part for money, from DESIGN.md: payments counted or parked, given back, late, told of by a provider."""

from tests.machine.things import ENDED_BADLY, Payment

PART = 25


class Money:
    """What becomes of money; each verb gives "ok" or the code of the refusal due. Events of a provider never fail."""

    def pay(self, order, amount, reference, paid_at):
        """`paid_at` None: now. The same report again is `ok` and changes nothing."""
        known = self.payments.get(reference)
        if known is not None:
            return "ok" if (known.order, known.amount) == (order, amount) else "reference_used"
        is_late = order.state == "awaiting_payment" and (self.now if paid_at is None else paid_at) > order.pay_by
        is_over = order.state in (*ENDED_BADLY, "delivered")
        is_parked = is_over or order.in_hand > 0 or amount != order.total or is_late
        self.payments[reference] = Payment(order, amount, is_parked)
        if is_parked:
            order.parked += 1
            return "ok"
        order.paid += amount
        if order.state == "awaiting_payment":
            self._confirm(order)
        return "ok"

    def refund(self, reference):
        """By hand: of a parked payment the whole, of one that counts what its order owes."""
        payment = self.payments[reference]
        left = payment.amount - payment.refunded
        most = left if payment.is_parked else min(left, payment.order.owed)
        if most <= 0:
            return "nothing_owed"
        self._goes_back(payment, most)
        return "ok"

    def revive(self, reference):
        payment = self.payments[reference]
        order = payment.order
        if not payment.is_parked or payment.refunded == payment.amount:
            return "not_parked"
        if order.state not in ("awaiting_payment", "expired") and not order.is_overdue:
            return "wrong_state"
        if payment.amount - payment.refunded != order.total - order.in_hand:
            return "not_the_amount_due"
        if order.state != "awaiting_payment":
            refused = self._hold_anew(order)
            if refused:
                return refused
        payment.is_parked = False
        order.parked -= 1
        order.paid += payment.amount
        order.refunded += payment.refunded
        order.is_overdue = False
        self._confirm(order)
        return "ok"

    def _hold_anew(self, order):
        """All of the order, or the code of what stands against it."""
        kept = [line for line in order.lines if line.kept and line.goods.is_tracked]
        verdicts, takes = self._route([(line.goods, line.kept, line.where) for line in kept], "refuse")
        if "refuse" in verdicts:
            return "insufficient_stock"
        if any(line.goods.is_registration and self._is_registered(order.who, line.goods) for line in kept):
            return "already_registered"
        for line in order.lines:
            line.promised = 0
        for line, taken in zip(kept, takes, strict=True):
            self._hold(order, line, taken)
        return None

    def _goes_back(self, payment, amount):
        payment.refunded += amount
        if not payment.is_parked:
            payment.order.refunded += amount
        elif payment.refunded == payment.amount:
            payment.order.parked -= 1

    def _comes_back(self, payment, amount):
        """A bank refused it: the payment is what it was."""
        if not payment.is_parked:
            payment.order.refunded -= amount
            if payment.order.state == "awaiting_payment":
                self._confirm(payment.order)
        elif payment.refunded == payment.amount:
            payment.order.parked += 1
        payment.refunded -= amount

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
