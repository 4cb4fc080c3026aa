"""What is wrong with one line of an order, and what the rules of a line know of the other lines.

A fault is found line by line; an order collects its lines' faults into one refusal, a cart shows each with its line.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from merchant_api.core.actor import Actor
from merchant_api.core.errors import Refusal
from merchant_api.orders.place.placement import LineWanted
from merchant_api.orders.states import OriginKind


@dataclass(frozen=True, slots=True)
class WholeOrder:
    """The order that a line belongs to: who asks for whom, whether limits hold, and each product's units and lines.

    `people` are the ids under which the merchant knows the one person whose order it is; none where nobody is named.
    `has_seen` what it names, though it may be no longer for sale: a seller has, and who had it in a cart.
    `is_fact`: a web shop has sold it, so that what binds those who order binds nobody here.
    """

    actor: Actor
    people: Sequence[UUID]
    is_limited: bool
    has_seen: bool
    units: Mapping[UUID, int]
    lines: Mapping[UUID, int]
    is_fact: bool = False


def whole_of(
    lines: Sequence[LineWanted], actor: Actor, people: Sequence[UUID], origin: OriginKind, *, is_limited: bool
) -> WholeOrder:
    """What the rules of a line know of all of them."""
    units = Counter[UUID]()
    for line in lines:
        units[line.product_id] += line.quantity
    has_seen, is_fact = actor.is_seller or origin is OriginKind.CART, origin is OriginKind.CHANNEL
    return WholeOrder(actor, people, is_limited, has_seen, units, Counter(line.product_id for line in lines), is_fact)


@dataclass(frozen=True, slots=True)
class Fault:
    """The kind of refusal, and what it says: of the line's fields, of its product, or of the order as a whole."""

    kind: type[Refusal]
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    product: Mapping[str, Any] = field(default_factory=dict)
    members: Mapping[str, Any] = field(default_factory=dict)

    def refusal(self, sentence: str | None = None) -> Refusal:
        """The refusal of this line alone."""
        members = dict(self.members)
        if self.fields:
            members["errors"] = dict(self.fields)
        if self.product:
            members["lines"] = [dict(self.product)]
        return self.kind(sentence, **members)


def together(numbered: Iterable[tuple[int, Fault]]) -> Refusal:
    """One refusal for lines whose faults are of one kind: complaints of fields by line, each product named once."""
    faults = dict(numbered)
    members: dict[str, Any] = {}
    for fault in faults.values():
        members |= fault.members
    if fields := {str(number): dict(fault.fields) for number, fault in faults.items() if fault.fields}:
        members["errors"] = {"lines": fields}
    products: list[dict[str, Any]] = []
    for fault in faults.values():
        if fault.product and fault.product not in products:
            products.append(dict(fault.product))
    if products:
        members["lines"] = products
    return next(iter(faults.values())).kind(**members)
