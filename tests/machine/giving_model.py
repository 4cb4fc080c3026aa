"""The model's part for money that goes back: what is owed, goodwill, the list of both sides, and banks that refuse."""


class Giving:
    """Refunds; each verb gives "ok" or the code of the refusal due."""

    def refund(self, reference):
        """By hand, without an amount: of a parked payment the whole, of one that counts what its order owes."""
        payment = self.payments[reference]
        most = payment.here if payment.is_parked else min(payment.here, payment.order.beyond)
        if most <= 0:
            return "nothing_owed"
        self._goes_back(payment, most)
        return "ok"

    def give(self, reference, amount, *, has_note):
        """By hand, any amount: what goes beyond what is owed is goodwill, and needs a note."""
        payment = self.payments[reference]
        if not payment.here:
            return "nothing_owed"
        if amount > payment.here:
            return "more_than_owed"
        if payment.is_parked:
            if amount < payment.here:
                return "whole_payment_only"
        elif amount > payment.order.beyond and not has_note:
            return "note_required"
        self._goes_back(payment, amount)
        return "ok"

    def shares(self):
        """What has to go back of each payment: what is too much of an order stands at its newest money that counts."""
        left = {id(order): order.beyond for order in self.orders}
        found = {}
        for name, payment in reversed(self.payments.items()):
            share = payment.here if payment.has_to_go_back else 0
            if not payment.is_parked:
                share = min(payment.here, left[id(payment.order)])
                left[id(payment.order)] -= share
            if share:
                found[name] = share
        return found

    def _goes_back(self, payment, amount):
        payment.refunded += amount
        if not payment.is_parked:
            payment.order.refunded += amount
            return
        payment.order.parked -= not payment.here
        payment.order.parked_sum -= amount if payment.is_own else 0

    def _comes_back(self, payment, amount):
        """A bank refused it: the payment is what it was."""
        if payment.is_parked:
            payment.order.parked += not payment.here
            payment.order.parked_sum += amount if payment.is_own else 0
            payment.refunded -= amount
            return
        payment.refunded -= amount
        payment.order.refunded -= amount
        self._goes_on(payment.order)
