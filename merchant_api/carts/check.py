"""What the lines of a cart would meet if they were ordered now: the rules of placing, without its locks.

Nothing here is decided: whoever checks out is decided on again, under the locks. Verdicts are of live stock at every
look, and each comes with a sentence for the customer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from merchant_api.catalog.models import Status
from merchant_api.core.actor import Actor
from merchant_api.core.errors import Refusal
from merchant_api.orders.errors import OverLimit, ProductNotForSale
from merchant_api.orders.place import seats
from merchant_api.orders.place.faults import Fault, whole_of
from merchant_api.orders.place.ground import Ground, Item, look
from merchant_api.orders.place.limits import fault_of
from merchant_api.orders.place.placement import LineWanted, needs_of
from merchant_api.orders.place.refusals import short
from merchant_api.orders.route import Routed
from merchant_api.orders.states import Verdict
from merchant_api.stock.errors import InsufficientStock


@dataclass(frozen=True, slots=True)
class Judged:
    """What a line would meet and why; `available` in units, None where stock is not counted.

    `refusal` is what placing would say, in the words of `message`.
    """

    verdict: Verdict
    reason: str
    available: int | None
    message: str
    refusal: Refusal | None = None


def survey(merchant_id: UUID, lines: Sequence[LineWanted], actor: Actor) -> Ground:
    """What lines are judged on, as it is at this moment: one read, two where one is a registration, and no lock."""
    ground = look(merchant_id, [line.product_id for line in lines])
    if actor.person_id is not None:
        seats.look_up(merchant_id, {(line.product_id, actor.person_id) for line in lines}, ground)
    return ground


def judge(lines: Sequence[LineWanted], ground: Ground, actor: Actor) -> list[Judged]:
    """Judge lines of products that the ground knows: stock for all of them together, all else line by line."""
    routed = ground.route(needs_of(lines), None)
    return [_judged(line, routed[number], ground, actor) for number, line in enumerate(lines)]


def _judged(line: LineWanted, routed: Routed, ground: Ground, actor: Actor) -> Judged:
    item = ground.items[line.product_id]
    available = max(routed.available, 0) if item.shelf.is_tracked else None
    fault = fault_of(0, line, ground, whole_of([line], actor, actor.person_id, is_limited=True))
    if fault is not None:
        return _refused(fault, line, routed, item, available)
    message = _says(item, routed)
    if routed.verdict is Verdict.REFUSE:
        refusal = InsufficientStock(message, lines=[short(item, routed)])
        return Judged(Verdict.REFUSE, routed.reason, available, message, refusal)
    return Judged(routed.verdict, routed.reason, available, message)


def _refused(fault: Fault, line: LineWanted, routed: Routed, item: Item, available: int | None) -> Judged:
    """What placing would refuse of this line before it looks at stock, in words for a customer."""
    refusal = fault.refusal()
    reason, message = refusal.code, refusal.detail
    if fault.kind is ProductNotForSale:
        reason, message, available = "not for sale", "Not for sale.", None
    elif fault.kind is OverLimit:
        limit = f"at most {item.max_quantity} per order"
        reason, message = f"{line.quantity} wanted, {limit}", _says_limit(limit, item, routed)
    return Judged(Verdict.REFUSE, reason, available, message, fault.refusal(message))


def _says_limit(limit: str, item: Item, routed: Routed) -> str:
    """The limit, and what is left where that is even less."""
    there = max(routed.available, 0)
    is_short = routed.verdict is Verdict.REFUSE and there < item.max_quantity
    return _capital(f"{limit}, and {there} left." if is_short else f"{limit}.")


def _says(item: Item, routed: Routed) -> str:
    """One sentence for the customer."""
    if not item.shelf.is_tracked:
        return "Always available."
    there = max(routed.available, 0)
    left = f"{there} left" if there else "none left"
    match routed.verdict:
        case Verdict.COVERED:
            return f"In stock: {left}."
        case Verdict.ASK:
            return f"{_capital(left)}: for {routed.wanted} the merchant is asked first."
        case Verdict.BACKORDER:
            return f"{_capital(left)}: {routed.wanted - there} will follow when they come in."
        case Verdict.REFUSE:
            return f"Only {left}." if there else "Sold out."


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def is_for_sale(item: Item) -> bool:
    """Whether what the product says of itself is for customers to read."""
    return item.status is Status.PUBLISHED
