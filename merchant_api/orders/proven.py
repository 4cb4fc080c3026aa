"""Which orders prove a customer, and which are open: the same words wherever it is asked (DESIGN.md 2).

Delivered, or paid: the money is here, no bank takes it back, and the order did not end without delivery.
"""

PROVES = (
    "orders.state = 'delivered' OR (orders.state NOT IN ('declined', 'expired', 'cancelled') "
    "AND orders.paid - orders.refunded - orders.disputed >= greatest(orders.total, 1))"
)
OPEN = "orders.state IN ('requested', 'awaiting_payment', 'confirmed', 'picked_up')"
