"""The machine's rules for money that people report: whole, in parts, too much, late, in cash, and once more."""

from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import strategies as st

from merchant_api.core.money import Money
from merchant_api.orders.money import pay
from tests.machine.after import SELLER, which

START = datetime(2026, 1, 1, tzinfo=UTC)
_references = count(1)
GIVEN = {
    "pay": {
        "number": which,
        "more": st.sampled_from([0, 0, 0, -1, 1, -100, -100, 50]),
        "ago": st.sampled_from([None, None, 0, 30, 90]),
        "is_own": st.sampled_from([True] * 7 + [False]),
    },
    "report_again": {"number": which, "again": st.integers(0, 3)},
    "pay_cash": {"number": which, "more": st.sampled_from([0, 0, -100, 50])},
}


class Paying:
    """Rules of a machine that has `shop`, `merchant_id`, `pick` and `compare`."""

    def pay(self, number, more, ago, is_own):
        self.pay_with(*self.pick(number, "pay"), self.new_reference(), more, ago, is_own=is_own)

    def new_reference(self):
        return f"ref-{next(_references)}"

    def report_again(self, number, again):
        by_hand = sorted(name for name in self.shop.payments if name.startswith("ref-"))
        if not by_hand:
            return
        reference = by_hand[again % len(by_hand)]
        self.pay_with(*self.pick(number, "pay"), reference, 0, None)

    def pay_with(self, order, order_id, reference, more, ago, *, is_own=True):
        """What is left to pay, or all where nothing is; a little more or less."""
        paid_at = None if ago is None else self.shop.now - ago
        amount = max((order.left or order.total) + more, 1)
        at = None if paid_at is None else START + timedelta(seconds=paid_at)
        report = pay.PaymentReport(Money(amount, "NPR" if is_own else "INR"), reference, at)
        expected = self.shop.pay(order, amount, reference, paid_at, is_own=is_own)
        self.compare(lambda: pay.pay(self.merchant_id, order_id, report, SELLER), expected)

    def pay_cash(self, number, more):
        """Money for an order that is confirmed, on its way or delivered."""
        self.pay_with(*self.pick(number, "pay_cash"), self.new_reference(), more, None)
