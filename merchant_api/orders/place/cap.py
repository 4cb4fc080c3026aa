"""The cap on a customer's unanswered and unpaid orders, kept also where he places many at the same moment.

An order that counts against the cap locks the customer's row and then counts, so that a rival that placed meanwhile
is seen; a count in the locked read would be as old as that statement, which may have waited for a cell. Orders that
are confirmed at once do not count, and cost nothing here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Boolean, delete, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from merchant_api.accounts import known
from merchant_api.accounts.models import Customer
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.orders.errors import TooManyUnpaid
from merchant_api.orders.models import Order
from merchant_api.orders.place.draft import Draft
from merchant_api.orders.place.placement import CustomerWanted
from merchant_api.orders.states import State

UNPAID = (State.REQUESTED, State.AWAITING_PAYMENT)


@dataclass(slots=True)
class Cap:
    """A merchant's cap within one batch, 0 being none: what customers had placed before it, as far as it was counted.

    `made` are customers whose rows were made to be locked.
    """

    merchant_id: UUID
    most: int
    placed: dict[UUID, int] = field(default_factory=dict)
    made: set[UUID] = field(default_factory=set)

    def counts(self, draft: Draft) -> bool:
        """Whether an order counts against it."""
        return self.most > 0 and draft.placement.is_limited and draft.locked.order.state in UNPAID

    def check(self, draft: Draft, before: Mapping[UUID, int]) -> None:
        """Raise TooManyUnpaid where an order is one too many after those `before` it in its batch.

        What a customer has placed is taken as nothing until it is counted.
        """
        customer = draft.placement.customer
        placed = self.placed.get(customer.person_id, 0) + sum(before.get(each, 0) for each in customer.people)
        if self.counts(draft) and placed >= self.most:
            raise TooManyUnpaid(cap=self.most, retry_after=60)

    def uncounted(self, drafts: Iterable[Draft]) -> dict[UUID, CustomerWanted]:
        """The customers of drafts that count, of whom it is not known yet what they have placed."""
        customers = {draft.locked.order.customer_id: draft.placement.customer for draft in drafts if self.counts(draft)}
        return {person_id: customer for person_id, customer in customers.items() if person_id not in self.placed}

    def count(self, customers: Mapping[UUID, CustomerWanted]) -> None:
        """Lock customers and count what they have placed: two statements, one more where one has several ids."""
        self._lock(customers)
        others = {person_id for customer in customers.values() for person_id in customer.also}
        if others:
            known.lock(self.merchant_id, others)
        people = sorted(others | set(customers))
        rows = (
            select(Order.customer_id, func.count())
            .where(Order.merchant_id == self.merchant_id, Order.customer_id.in_(people), Order.state.in_(UNPAID))
            .group_by(Order.customer_id)
        )
        placed = {row[0]: row[1] for row in session().execute(rows)}
        for person_id, customer in customers.items():
            self.placed[person_id] = sum(placed.get(each, 0) for each in customer.people)

    def _lock(self, customers: Mapping[UUID, CustomerWanted]) -> None:
        """Lock the customers' rows, made where they do not exist, in the order of their ids and after the cells.

        Who is counted in a later round of a batch is locked after those of the first; should two batches wait in a
        circle for that, one of them runs again.
        """
        at = clock.now()
        values = [customer.row(self.merchant_id, at) for _, customer in sorted(customers.items())]
        unchanged = {"name": Customer.__table__.c.name}
        locked = insert(Customer).values(values)
        locked = locked.on_conflict_do_update(index_elements=["merchant_id", "person_id"], set_=unchanged)
        is_made = literal_column("xmax = 0", Boolean).label("is_made")  # PostgreSQL's mark of a row that is new
        self.made |= {
            row.person_id for row in session().execute(locked.returning(Customer.person_id, is_made)) if row.is_made
        }

    def is_kept(self, drafts: Iterable[Draft]) -> bool:
        """Whether no customer's orders are more than the cap, by what is counted by now."""
        counted = [draft.placement.customer for draft in drafts if self.counts(draft)]
        new = Counter(customer.person_id for customer in counted)
        return all(
            self.placed.get(customer.person_id, 0) + sum(new[each] for each in customer.people) <= self.most
            for customer in counted
        )

    def forget_strangers(self, drafts: Iterable[Draft]) -> None:
        """Take back the rows of customers who were locked and got no order in the end; most batches have none."""
        strangers = self.made - {draft.locked.order.customer_id for draft in drafts}
        if strangers:
            gone = delete(Customer).where(
                Customer.merchant_id == self.merchant_id, Customer.person_id.in_(sorted(strangers))
            )
            session().execute(gone.execution_options(synchronize_session=False))
