"""From what a call asks for to a placement: whose order it is, which places its lines name, who may say what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from uuid import UUID

from merchant_api.accounts.contact import Contact, contact_of, customer_of
from merchant_api.accounts.known import marks_at
from merchant_api.accounts.models import Terms
from merchant_api.core.actor import Actor, Role
from merchant_api.core.answer import Answer
from merchant_api.core.errors import Forbidden, Invalid
from merchant_api.core.ids import new_id
from merchant_api.core.money import Money
from merchant_api.core.replay import Claim
from merchant_api.orders.errors import CustomerRequired, UnknownCustomer
from merchant_api.orders.models import Origin
from merchant_api.orders.place.placement import CustomerWanted, LineWanted, Placement
from merchant_api.orders.states import OriginKind
from merchant_api.orders.view import OrderView
from merchant_api.stock import places
from merchant_api.stock.errors import NoSuchPlace
from merchant_api.stock.models import Grade, Location

P = TypeVar("P", Location, Grade)


@dataclass(frozen=True, slots=True)
class LineAsked:
    """A line of the call; places by their names."""

    product_id: UUID
    quantity: int
    location: str | None = None
    grade: str | None = None
    unit_price: Money | None = None
    guests: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class CustomerAsked:
    """Somebody with an id, or somebody by name."""

    person_id: UUID | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class OrderAsked:
    """The call; `origin` where it is neither a plain call nor a person of the merchant who orders for a customer."""

    lines: Sequence[LineAsked]
    payment_terms: Terms | None = None
    payment_reference: str | None = None
    note: str | None = None
    deliver_to: Mapping[str, Any] | None = None
    customer: CustomerAsked | None = None
    origin: Origin | None = None


def placement(
    merchant_id: UUID, asked: OrderAsked, actor: Actor, claim: Claim | None, render: Callable[[OrderView], Answer]
) -> Placement:
    """Check who may ask for what, and look up what is named.

    Raises Forbidden, CustomerRequired, UnknownCustomer, or Invalid for prepaid without a reference.
    """
    _check_rights(asked, actor)
    locations = place_ids(Location, merchant_id, {line.location for line in asked.lines})
    grades = place_ids(Grade, merchant_id, {line.grade for line in asked.lines})
    lines = tuple(
        LineWanted(
            line.product_id,
            line.quantity,
            locations[line.location],
            grades[line.grade],
            line.unit_price,
            tuple(line.guests),
        )
        for line in asked.lines
    )
    is_staff_order = _is_staff_order(asked, actor)
    return Placement(
        lines=lines,
        customer=_customer(merchant_id, asked.customer, actor),
        actor=actor,
        is_limited=not is_staff_order,
        terms=asked.payment_terms,
        reference=asked.payment_reference,
        note=asked.note,
        deliver_to=asked.deliver_to,
        claim=claim,
        render=render,
        origin=asked.origin or Origin(OriginKind.PERSON if is_staff_order else OriginKind.API),
    )


def _is_staff_order(asked: OrderAsked, actor: Actor) -> bool:
    """Placed by staff or a member for a customer: no limits, and prices may be set; both are logged (DESIGN.md 6)."""
    return asked.customer is not None and actor.role in (Role.OWNER, Role.CLERK, Role.STAFF)


def _check_rights(asked: OrderAsked, actor: Actor) -> None:
    is_prepaid = asked.payment_terms is Terms.PREPAID
    if not actor.is_seller:
        if asked.customer is not None:
            raise Forbidden("Only the merchant orders for somebody else.")
        if is_prepaid:
            raise Forbidden("Only the merchant says that an order was paid beforehand.")
    elif is_prepaid and not actor.may("orders.pay"):
        raise Forbidden(permission="orders.pay")
    if any(line.unit_price is not None for line in asked.lines) and not _is_staff_order(asked, actor):
        raise Forbidden("Only members and staff who order for a customer set a price.")
    if is_prepaid != (asked.payment_reference is not None):
        raise Invalid(
            "A prepaid order names the payment's reference, and no other does.",
            errors={"payment_reference": ["Goes with payment_terms prepaid, and only with it."]},
        )


def place_ids(table: type[P], merchant_id: UUID, names: set[str | None]) -> dict[str | None, UUID | None]:
    """The ids of locations or grades by their names, None for none; raises NoSuchPlace."""
    wanted = {name for name in names if name is not None}
    found = places.ids(table, merchant_id, wanted) if wanted else {}
    if missing := wanted - set(found):
        raise NoSuchPlace(names=sorted(missing))
    return {name: None if name is None else found[name] for name in {None} | names}


def _customer(merchant_id: UUID, asked: CustomerAsked | None, actor: Actor) -> CustomerWanted:
    if asked is None:
        return _oneself(merchant_id, actor)
    if asked.person_id is not None:
        return replace(_known(customer_of(merchant_id, asked.person_id)), is_entered=True, is_trusted=True)
    if asked.name is None:
        raise CustomerRequired
    marks = marks_at(merchant_id, asked.name, asked.phone, asked.email)
    is_entered = bool(marks)
    return CustomerWanted(
        new_id(), asked.name, asked.phone, asked.email, is_entered=is_entered, is_trusted=True, marks=marks
    )


def _oneself(merchant_id: UUID, actor: Actor) -> CustomerWanted:
    if actor.person_id is None:
        raise CustomerRequired
    if actor.role is Role.CUSTOMER and actor.is_known:
        return CustomerWanted(actor.person_id, actor.name, is_new=False)
    return _known(contact_of(merchant_id, actor.person_id))  # who sells here is bound by nothing, until he leaves


def _known(contact: Contact | None) -> CustomerWanted:
    if contact is None:
        raise UnknownCustomer
    return CustomerWanted(contact.person_id, contact.name, contact.phone, contact.email, is_new=not contact.is_customer)
