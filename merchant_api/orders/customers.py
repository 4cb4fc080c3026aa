"""A merchant's customer as its sellers see him: how to reach him, and whether he is proven.

A person who never ordered here is no customer of the merchant, and is as one who does not exist.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, select, text

from merchant_api.accounts.models import Customer
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.log import log
from merchant_api.orders.models import Order
from merchant_api.orders.proven import OPEN

_log = log(__name__)


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether a merchant wants no proof of a customer."""

    is_trusted: bool


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer with his open orders."""

    row: Customer
    open_orders: int

    @property
    def is_proven(self) -> bool:
        """Whether he may order without the bounds of those who are new."""
        return self.row.is_trusted or self.row.has_bought


def customer(merchant_id: UUID, person_id: UUID) -> CustomerView:
    """The merchant's customer; raises NotFound."""
    is_his = and_(Order.merchant_id == merchant_id, Order.customer_id == person_id)
    found = (
        session()
        .execute(
            select(
                Customer,
                select(func.count(Order.id)).where(is_his, text(OPEN)).scalar_subquery(),
            ).where(Customer.merchant_id == merchant_id, Customer.person_id == person_id)
        )
        .one_or_none()
    )
    if found is None:
        raise NotFound
    return CustomerView(*found)


def trust(merchant_id: UUID, person_id: UUID, wish: Trust, actor: Actor) -> CustomerView:
    """Trust a customer from now on, or no more; what he ordered before stays as it is. Raises NotFound."""
    mine = select(Customer).where(Customer.merchant_id == merchant_id, Customer.person_id == person_id)
    row = session().execute(mine.with_for_update(key_share=True)).scalar_one_or_none()
    if row is None:
        raise NotFound
    if row.is_trusted is not wish.is_trusted:
        _log.info("customer.trusted", person=str(person_id), is_trusted=wish.is_trusted, actor=actor.id)
    row.is_trusted = wish.is_trusted
    session().flush()
    return customer(merchant_id, person_id)
