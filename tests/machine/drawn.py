"""An order as the real side and as the model knows it, in the same words, to be compared."""

from merchant_api.orders.view import OrderView


def seen(view: OrderView):
    """A real order, as far as the model knows of it."""
    order = view.order
    asked = "waits" if order.pickup_due_at else "not asked"
    return (
        order.state.value,
        order.payment_terms.value,
        order.paid,
        order.refunded,
        order.parked,
        order.left_to_pay,
        order.refund_due,
        order.refund_owed.amount,
        order.cancel_requested,
        "asked" if order.pickup_asked_at else asked,
        [
            (line.row.verdict.value, line.row.kept, line.row.returned, line.row.promised, line.held, line.settled)
            for line in view.lines
        ],
    )


def drawn(order):
    """The same of an order of the model."""
    return (
        order.state,
        order.terms,
        order.paid,
        order.refunded,
        order.parked,
        order.left,
        order.refund_due,
        order.owed,
        order.wish_by is not None,
        order.courier,
        [(line.verdict, line.kept, line.returned, line.promised, *in_states(line.hold)) for line in order.lines],
    )


def in_states(hold):
    state, number = (None, 0) if hold is None else (hold.state, hold.units)
    return (number if state == "open" else 0, number if state == "settled" else 0)
