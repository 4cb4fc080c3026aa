"""The model's money: payments, and what a provider's customer has in his purse, as plain values."""

from dataclasses import dataclass, field

from tests.machine.things import Order


@dataclass
class Payment:
    """Money of an order: counted, or parked; what is not `is_own` is in another currency than the order."""

    order: Order
    amount: int
    is_parked: bool
    is_own: bool = True
    refunded: int = 0

    @property
    def here(self):
        return self.amount - self.refunded

    @property
    def has_to_go_back(self):
        """Of parked money, which stands on no other payment's share."""
        return self.is_parked and not (self.is_own and self.order.may_take_late_money)


@dataclass
class Purse:
    """A payment by the provider: which of its events were told, which of them wait; what became of the rest's refund.

    The payment's name is its reference, and `made_at` when the customer paid.
    """

    order: Order
    amount: int
    name: str
    made_at: int = 0
    told: set = field(default_factory=set)
    waiting: list = field(default_factory=list)
    rest: str | None = None
