"""What placing takes and gives: a list of placements of one merchant, and a value for each (DESIGN.md 4.6)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from merchant_api.accounts.known import Mark
from merchant_api.accounts.models import Terms
from merchant_api.core.actor import Actor
from merchant_api.core.answer import Answer
from merchant_api.core.errors import Refusal
from merchant_api.core.money import Money
from merchant_api.core.replay import Claim
from merchant_api.orders.models import Origin
from merchant_api.orders.route import Need
from merchant_api.orders.states import OriginKind
from merchant_api.orders.view import OrderView

API = Origin()


@dataclass(frozen=True, slots=True)
class LineWanted:
    """A line as it was asked for; places by their ids. `unit_price` is a price set by a seller.

    `guests` are the names of those who come to a registration beside the customer; none where it is merchandise.
    """

    product_id: UUID
    quantity: int
    location_id: UUID | None = None
    grade_id: UUID | None = None
    unit_price: Money | None = None
    guests: tuple[str, ...] = ()


def needs_of(lines: Iterable[LineWanted]) -> list[Need]:
    """What stock is asked for, numbered from 0."""
    return [
        Need(number, line.product_id, line.quantity, line.location_id, line.grade_id)
        for number, line in enumerate(lines)
    ]


@dataclass(frozen=True, slots=True)
class CustomerWanted:
    """Whose order it is; `is_new` says that the merchant may not have this customer's row yet.

    `is_entered`: a seller says who it is, by `marks` or by an id. `also` are the other customers who are this person,
    and `new_marks` what the merchant learns, once it is recognised. Whom a seller enters is trusted from the first.
    """

    person_id: UUID
    name: str
    phone: str | None = None
    email: str | None = None
    is_new: bool = True
    is_entered: bool = False
    is_trusted: bool = False
    marks: tuple[str, ...] = ()
    also: tuple[UUID, ...] = ()
    new_marks: tuple[Mark, ...] = ()

    @property
    def people(self) -> tuple[UUID, ...]:
        """All ids under which the merchant knows this person."""
        return (self.person_id, *self.also)

    @property
    def known(self) -> tuple[UUID, ...]:
        """Those of them of whom the merchant has a row."""
        return self.also if self.is_new else self.people

    def row(self, merchant_id: UUID, at: datetime) -> dict[str, Any]:
        """The columns of this customer's row at a merchant."""
        return {
            "merchant_id": merchant_id,
            "person_id": self.person_id,
            "name": self.name,
            "phone": self.phone,
            "email": self.email,
            "created_at": at,
            "is_trusted": self.is_trusted,
            "turn": 0,
        }


@dataclass(frozen=True, slots=True)
class Around:
    """What becomes an order by a placement, and happens in its transaction. This is how a cart becomes an order.

    `begin` locks `source`, before any cell is locked; what a batch begins is begun in the order of its ids. `agrees`
    gets the order as it would stand, its holds not made yet: it only looks, and may be asked again when a neighbour
    is left out. Both may refuse by a Refusal, which undoes no neighbour. `finish` gets the order that was written; it
    writes and never refuses.
    """

    source: UUID
    begin: Callable[[], None]
    agrees: Callable[[OrderView], None]
    finish: Callable[[OrderView], None]


@dataclass(frozen=True, slots=True)
class Placement:
    """One order to be placed. `is_limited`: the customer places it himself, so limits and caps apply."""

    lines: tuple[LineWanted, ...]
    customer: CustomerWanted
    actor: Actor
    is_limited: bool
    terms: Terms | None = None
    reference: str | None = None
    note: str | None = None
    deliver_to: Mapping[str, Any] | None = None
    claim: Claim | None = None
    render: Callable[[OrderView], Answer] | None = None
    around: Around | None = None
    origin: Origin = API

    @property
    def is_fact(self) -> bool:
        """Whether a web shop has sold it already: nothing of it is refused for stock, limits, status or terms."""
        return self.origin.kind is OriginKind.CHANNEL

    @property
    def is_own(self) -> bool:
        """Whether a customer orders for himself who may not be proven yet."""
        return self.actor.may_be_unproven


@dataclass(frozen=True, slots=True)
class Placed:
    """The order stands; `answer` is the rendered reply, stored under the placement's key."""

    view: OrderView
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed, and why."""

    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Replayed:
    """The key was used before: the stored answer."""

    answer: Answer


Result = Placed | Refused | Replayed
