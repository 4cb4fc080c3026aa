"""How to reach a customer: what a merchant knows of one, or what a person who signs in said of himself.

Only he himself is known to a merchant by what he said; others name the merchant's own customers, and nobody else.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts.models import Customer, Person
from merchant_api.core.db import session


@dataclass(frozen=True, slots=True)
class Contact:
    """Name, phone and e-mail of somebody; `is_customer` says that the merchant has the row already."""

    person_id: UUID
    name: str
    phone: str | None
    email: str | None
    is_customer: bool


def customer_of(merchant_id: UUID, person_id: UUID) -> Contact | None:
    """The merchant's customer of this id, or None."""
    customer = (
        session()
        .execute(select(Customer).where(Customer.merchant_id == merchant_id, Customer.person_id == person_id))
        .scalar_one_or_none()
    )
    if customer is None:
        return None
    return Contact(person_id, customer.name, customer.phone, customer.email, is_customer=True)


def contact_of(merchant_id: UUID, person_id: UUID) -> Contact | None:
    """The merchant's customer of this id, else the person of this id, who asks himself, else None."""
    customer = customer_of(merchant_id, person_id)
    if customer is not None:
        return customer
    person = session().get(Person, person_id)
    if person is None or person.disabled_at is not None:
        return None
    return Contact(person_id, person.name, person.phone, person.email, is_customer=False)
