"""The cap on a customer's unanswered and unpaid orders, kept also where he places many at the same moment.

An order that counts against the cap locks the customer's row and then counts, so that a rival that placed meanwhile
is seen; a count in the locked read would be as old as that statement, which may have waited for a cell. Orders that
are confirmed at once do not count, and cost nothing here.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from merchant_api.accounts.models import Customer
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.orders.errors import TooManyUnpaid
from merchant_api.orders.models import Order
from merchant_api.orders.place.draft import Draft
from merchant_api.orders.place.placement import CustomerWanted
from merchant_api.orders.states import State

UNPAID = (State.REQUESTED, State.AWAITING_PAYMENT)


def keep(merchant_id: UUID, drafts: Iterable[Draft], cap: int) -> None:
    """Raise TooManyUnpaid where a customer's drafts and what he has placed by now are more than the cap; 0 is none."""
    counted = [draft for draft in drafts if draft.placement.is_limited and draft.order.state in UNPAID]
    if not cap or not counted:
        return
    new = Counter(draft.order.customer_id for draft in counted)
    _lock(merchant_id, {draft.order.customer_id: draft.placement.customer for draft in counted})
    placed = _count(merchant_id, sorted(new))
    if any(placed.get(customer_id, 0) + number > cap for customer_id, number in new.items()):
        raise TooManyUnpaid(cap=cap, retry_after=60)


def _lock(merchant_id: UUID, customers: dict[UUID, CustomerWanted]) -> None:
    """Lock the customers' rows, made where they do not exist, in the order of their ids and after the cells."""
    values = [
        {
            "merchant_id": merchant_id,
            "person_id": customer.person_id,
            "name": customer.name,
            "phone": customer.phone,
            "email": customer.email,
            "created_at": clock.now(),
        }
        for _, customer in sorted(customers.items())
    ]
    unchanged = {"name": Customer.__table__.c.name}
    statement = insert(Customer).values(values)
    session().execute(statement.on_conflict_do_update(index_elements=["merchant_id", "person_id"], set_=unchanged))


def _count(merchant_id: UUID, customers: Sequence[UUID]) -> dict[UUID, int]:
    rows = (
        select(Order.customer_id, func.count())
        .where(Order.merchant_id == merchant_id, Order.customer_id.in_(customers), Order.state.in_(UNPAID))
        .group_by(Order.customer_id)
    )
    return {row[0]: row[1] for row in session().execute(rows)}
