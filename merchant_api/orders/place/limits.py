"""What a line must keep before its order is drawn up: a product for sale, the merchant's currency, guests and limits.

Limits count all lines of an order, and hold for every order but those that members and staff place for a customer:
these are exempt, and the order's history says of which limit (docs/decisions/0005). What a web shop has sold is a fact:
only the product has to be known, and its price to be in the merchant's currency.
"""

from collections.abc import Sequence
from typing import Any

from merchant_api.catalog.models import Status
from merchant_api.core.errors import Refusal
from merchant_api.core.money import LARGEST
from merchant_api.orders.errors import (
    AlreadyRegistered,
    GuestsMismatch,
    NotARegistration,
    OverLimit,
    ProductNotForSale,
    RegistrationSplit,
    TooExpensive,
    UnknownProduct,
)
from merchant_api.orders.place import guests, seats
from merchant_api.orders.place.faults import Fault, WholeOrder, together
from merchant_api.orders.place.ground import Ground, Item
from merchant_api.orders.place.placement import LineWanted
from merchant_api.orders.place.refusals import named
from merchant_api.shop.errors import WrongCurrency

# An order is refused for the first of these that any line has, naming every line that has it.
KINDS: tuple[type[Refusal], ...] = (
    UnknownProduct,
    ProductNotForSale,
    WrongCurrency,
    NotARegistration,
    RegistrationSplit,
    GuestsMismatch,
    OverLimit,
    AlreadyRegistered,
)


def check_lines(lines: Sequence[LineWanted], ground: Ground, whole: WholeOrder) -> None:
    """Raise the first of KINDS that any line has, for all lines that have it."""
    faults = [
        (number, fault)
        for number, line in enumerate(lines)
        if (fault := fault_of(number, line, ground, whole)) is not None
    ]
    if faults:
        first = min((fault.kind for _, fault in faults), key=KINDS.index)
        raise together((number, fault) for number, fault in faults if fault.kind is first)


def fault_of(number: int, line: LineWanted, ground: Ground, whole: WholeOrder) -> Fault | None:
    """What placing refuses of one line before it looks at stock: the first of KINDS, or nothing."""
    item = ground.items.get(line.product_id)
    if whole.is_fact and item is not None:
        return _of_currency(line, ground)
    if item is None or (item.status is not Status.PUBLISHED and not whole.has_seen):
        return Fault(UnknownProduct, {"product_id": ["This merchant has no such product."]})
    if item.status is not Status.PUBLISHED:
        return Fault(ProductNotForSale, product=_shut(item, whole))
    return (
        _of_currency(line, ground)
        or guests.fault_of(line, item, whole)
        or _over(item, whole)
        or seats.fault_of(number, item, ground, whole)
    )


def _of_currency(line: LineWanted, ground: Ground) -> Fault | None:
    if line.unit_price is None or line.unit_price.currency == ground.policy.currency:
        return None
    return Fault(WrongCurrency, members={"currency": ground.policy.currency})


def _shut(item: Item, whole: WholeOrder) -> dict[str, Any]:
    if not whole.actor.is_seller:
        return {"product_id": str(item.product_id)}  # a draft's name is the merchant's own
    return named(item) | {"status": item.status.value}


def _over(item: Item, whole: WholeOrder) -> Fault | None:
    if not (whole.is_limited and is_over(item, whole)):
        return None
    figures = {"wanted": whole.units[item.product_id], "max_quantity": item.max_quantity}
    return Fault(OverLimit, product=named(item) | figures)


def is_over(item: Item, whole: WholeOrder) -> bool:
    """Whether more of a product is wanted than one customer's order may hold; a limit of 0 is none."""
    return 0 < item.max_quantity < whole.units[item.product_id]


def check_total(total: int) -> None:
    """Money has a largest amount."""
    if total > LARGEST:
        raise TooExpensive
