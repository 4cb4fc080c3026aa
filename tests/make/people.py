"""People, merchants, members, customers and actors."""

from collections.abc import Mapping
from itertools import count
from typing import Any
from uuid import UUID

from merchant_api.accounts.models import Customer, Member, MemberRole, Merchant, Person
from merchant_api.accounts.permissions import of_role
from merchant_api.core import clock
from merchant_api.core.actor import Actor, Role
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.stock.models import Grade, Location
from merchant_api.stock.sessions import start

_numbers = count(1)


def saved(*rows: Any) -> Any:
    """Add rows and commit; gives the last."""
    session().add_all(rows)
    session().commit()
    return rows[-1]


def make_person(name: str = "Asha", *, is_staff: bool = False, **columns: Any) -> Person:
    """A person with a fresh e-mail address and no usable password."""
    columns.setdefault("email", f"{name.lower()}{next(_numbers)}@example.com")
    columns.setdefault("password_hash", "!")
    columns.setdefault("phone", None)
    columns.setdefault("locale", None)
    return saved(Person(id=new_id(), name=name, is_staff=is_staff, created_at=clock.now(), disabled_at=None, **columns))


def make_merchant(**columns: Any) -> Merchant:
    """A merchant in Kathmandu with its first location and grade, both `default`, and its first session, live."""
    settings: Mapping[str, Any] = {
        "name": "Himalayan Crafts",
        "time_zone": "Asia/Kathmandu",
        "currency": "NPR",
        "locale": "en",
        "respond_window_s": 1800,
        "pay_window_s": 3600,
        "cancel_window_s": 1800,
        "pay_grace_s": 60,
        "allowed_terms": None,
        "default_terms": None,
        "unpaid_orders_cap": 20,
        "unproven_open_orders": 0,  # customers need no proof, but where a test says so
        **columns,
    }
    merchant = saved(Merchant(id=new_id(), created_at=clock.now(), **settings))
    place = {"merchant_id": merchant.id, "name": "default", "rank": 0, "created_at": clock.now()}
    saved(Location(id=new_id(), **place), Grade(id=new_id(), **place), start.first(merchant.id))
    return merchant


def make_member(merchant: Merchant, role: MemberRole = MemberRole.OWNER, name: str = "Binod") -> Person:
    """A new person who is a member of the merchant."""
    person = make_person(name)
    saved(Member(merchant_id=merchant.id, person_id=person.id, role=role, created_at=clock.now()))
    return person


def make_customer(merchant: Merchant, name: str = "Chandra") -> Person:
    """A new person who has been a customer of the merchant."""
    person = make_person(name)
    row = Customer(
        merchant_id=merchant.id, person_id=person.id, name=name, phone=None, email=person.email, created_at=clock.now()
    )
    saved(row)
    return person


def make_actor(role: Role = Role.OWNER, *, person: Person | None = None, merchant_id: UUID | None = None) -> Actor:
    """An actor with all that the role may do."""
    person_id = new_id() if person is None else person.id
    name = role.value if person is None else person.name
    return Actor(
        role=role,
        id=str(person_id),
        name=name,
        person_id=None if role in (Role.INTEGRATION, Role.JOB) else person_id,
        merchant_id=merchant_id,
        is_known=True,
        permissions=of_role(role),
    )
