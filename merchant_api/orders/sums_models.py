"""What an order says of money: its sums, and what follows from them for both sides (DESIGN.md 2)."""

from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.core.columns import Amount, Words, one_of
from merchant_api.core.db import Model
from merchant_api.core.money import Money
from merchant_api.orders.states import ENDED_UNDELIVERED, UNCONFIRMED, State

MAY_OWE = (  # orders of which some payment may have to be given back
    "parked > 0 OR paid - refunded > "
    "CASE WHEN state IN ('declined', 'expired', 'cancelled') THEN 0 ELSE total - returned_value END"
)


class Sums(Model):
    """The columns of an order that its money hangs on, in minor units of `currency`.

    `total` is of the units that were not cancelled, `returned_value` of those that came back after delivery. `paid` is
    the money that counts, `refunded` what of it was given back, `parked` the number of payments that wait for a
    decision, `parked_sum` what of them is here in the order's currency. `disputes` is the number of payments that a
    bank disputes, `disputed` what it has of the money that counts.
    """

    __abstract__ = True

    state: Mapped[State] = mapped_column(one_of(State, "state"))
    currency: Mapped[Words]
    total: Mapped[Amount]
    paid: Mapped[Amount]
    parked: Mapped[int]
    parked_sum: Mapped[Amount] = mapped_column(server_default="0")
    returned_value: Mapped[Amount] = mapped_column(server_default="0")
    refunded: Mapped[Amount] = mapped_column(server_default="0")
    disputes: Mapped[int] = mapped_column(server_default="0")
    disputed: Mapped[Amount] = mapped_column(server_default="0")

    @property
    def total_money(self) -> Money:
        """The order's total."""
        return Money(self.total, self.currency)

    @property
    def paid_money(self) -> Money:
        """The money that counts as paid."""
        return Money(self.paid, self.currency)

    @property
    def refunded_money(self) -> Money:
        """What of the paid money was given back."""
        return Money(self.refunded, self.currency)

    @property
    def due(self) -> int:
        """What the customer owes for it in all, whether paid or not: nothing for what ended undelivered."""
        return 0 if self.state in ENDED_UNDELIVERED else self.total - self.returned_value

    @property
    def in_hand(self) -> int:
        """What was paid and not given back."""
        return self.paid - self.refunded

    @property
    def left_to_pay(self) -> int:
        """What the customer still has to pay. What goes back of an order that was paid in full is a gift, not a debt.

        But all of it given back leaves a request unpaid, and an order that awaits its money awaits whatever is missing.
        Neither goes on by money that a bank has; of one that is confirmed a dispute changes nothing.
        """
        taken = self.disputed if self.state in UNCONFIRMED else 0
        if self.paid - taken >= self.due and self._keeps_gifts:
            return 0
        return max(0, self.due - self.in_hand + taken)

    @property
    def _keeps_gifts(self) -> bool:
        return self.in_hand > 0 if self.state is State.REQUESTED else self.state is not State.AWAITING_PAYMENT

    @property
    def left_to_pay_money(self) -> Money:
        """The same as money."""
        return Money(self.left_to_pay, self.currency)

    @property
    def refund_owed(self) -> Money:
        """What has to be given back: what is here beyond what is due, and parked money that can't be its any more.

        Money parked in another currency is in no sum; its payment says it.
        """
        beyond = max(0, self.in_hand - self.disputed - self.due)
        return Money(beyond + (0 if self.state in UNCONFIRMED else self.parked_sum), self.currency)

    @property
    def refund_due(self) -> bool:
        """Whether money has to be given back."""
        return self.refund_owed.amount > 0

    @property
    def is_disputed(self) -> bool:
        """Whether the customer's bank took money of it back, or takes it."""
        return self.disputes > 0
