"""Which orders prove a customer, and which are open: the same words wherever it is asked (DESIGN.md 2).

Delivered, or paid: the money is here, no bank takes it back, and the order did not end without delivery.
"""

from merchant_api.orders.models import Order
from merchant_api.orders.states import ENDED_UNDELIVERED, State

PROVES = (
    "orders.state = 'delivered' OR (orders.state NOT IN ('declined', 'expired', 'cancelled') "
    "AND orders.paid - orders.refunded - orders.disputed >= greatest(orders.total, 1))"
)
OPEN = "orders.state IN ('requested', 'awaiting_payment', 'confirmed', 'picked_up')"


def proves(order: Order) -> bool:
    """The same of an order in hand."""
    is_paid = order.in_hand - order.disputed >= max(order.total, 1)
    return order.state is State.DELIVERED or (is_paid and order.state not in ENDED_UNDELIVERED)
