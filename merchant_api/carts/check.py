"""What the lines of a cart would meet if they were ordered now: the rules of placing, without its locks.

Nothing here is decided: whoever checks out is decided on again, under the locks. Verdicts are of live stock at every
look, and each comes with a sentence for the customer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from merchant_api.catalog.errors import NoSuchProduct
from merchant_api.catalog.models import Status
from merchant_api.core.actor import Actor
from merchant_api.core.errors import Refusal
from merchant_api.core.sentences.sentence import Sentence, say
from merchant_api.orders.errors import OverLimit, ProductNotForSale
from merchant_api.orders.place import seats
from merchant_api.orders.place.faults import Fault, whole_of
from merchant_api.orders.place.ground import Ground, Item, look
from merchant_api.orders.place.limits import fault_of
from merchant_api.orders.place.placement import LineWanted, needs_of
from merchant_api.orders.place.refusals import short
from merchant_api.orders.route import Routed
from merchant_api.orders.states import OriginKind, Verdict
from merchant_api.orders.unproven import ORDERS, UNITS
from merchant_api.stock.errors import InsufficientStock

WINDOWS = {UNITS: "window.unproven", ORDERS: "window.unproven_orders"}


@dataclass(frozen=True, slots=True)
class Judged:
    """What a line would meet and why; `available` in units, None where stock is not counted.

    `refusal` is what placing would say, in the words of `message`.
    """

    verdict: Verdict
    reason: Sentence
    available: int | None
    message: Sentence
    refusal: Refusal | None = None


def survey(merchant_id: UUID, lines: Sequence[LineWanted], actor: Actor) -> Ground:
    """What lines are judged on, as it is at this moment: one read, two where one is a registration, and no lock."""
    people = [actor.person_id] if actor.may_be_unproven and actor.person_id is not None else []
    ground = look(merchant_id, [line.product_id for line in lines], people)
    if actor.person_id is not None:
        seats.look_up(merchant_id, {(line.product_id, actor.person_id) for line in lines}, ground)
    return ground


def check_seen(line: LineWanted, ground: Ground, actor: Actor, *, is_new: bool) -> None:
    """Raise NoSuchProduct for what is not there, and to a customer for a draft that was never in the cart."""
    item = ground.items.get(line.product_id)
    if item is None or (is_new and not actor.is_seller and not is_for_sale(item)):
        raise NoSuchProduct


def judge(lines: Sequence[LineWanted], ground: Ground, actor: Actor) -> list[Judged]:
    """Judge lines of products that the ground knows: stock for all of them together, all else line by line."""
    needs = needs_of(lines)
    routed = ground.route(needs, None)
    for stranger in ground.strangers.values():  # the one who looks, where he is not proven yet
        routed = ground.asked(needs, routed, stranger)
    return [_judged(line, routed[number], ground, actor) for number, line in enumerate(lines)]


def _judged(line: LineWanted, routed: Routed, ground: Ground, actor: Actor) -> Judged:
    item = ground.items[line.product_id]
    available = max(routed.available, 0) if item.shelf.is_tracked else None
    people = () if actor.person_id is None else (actor.person_id,)
    fault = fault_of(0, line, ground, whole_of([line], actor, people, OriginKind.CART, is_limited=True))
    if fault is not None:
        return _refused(fault, line, routed, item, available)
    message = _says(item, routed)
    if routed.verdict is Verdict.REFUSE:
        refusal = InsufficientStock(str(message), lines=[short(item, routed)])
        return Judged(Verdict.REFUSE, routed.reason, available, message, refusal)
    return Judged(routed.verdict, routed.reason, available, message)


def _refused(fault: Fault, line: LineWanted, routed: Routed, item: Item, available: int | None) -> Judged:
    """What placing would refuse of this line before it looks at stock, in words for a customer."""
    if fault.kind is ProductNotForSale:
        reason, message, available = say("verdict.not_for_sale"), say("window.not_for_sale"), None
    elif fault.kind is OverLimit:
        reason = say("verdict.over_limit", wanted=line.quantity, most=item.max_quantity)
        message = _says_limit(item, routed)
    else:
        refusal = fault.refusal()
        reason, message = say("text", text=refusal.code), say("text", text=refusal.detail)
    return Judged(Verdict.REFUSE, reason, available, message, fault.refusal(str(message)))


def _says_limit(item: Item, routed: Routed) -> Sentence:
    """The limit, and what is left where that is even less."""
    there = max(routed.available, 0)
    if routed.verdict is Verdict.REFUSE and there < item.max_quantity:
        return say("window.over_limit_and_short", most=item.max_quantity, left=there)
    return say("window.over_limit", most=item.max_quantity)


def _says(item: Item, routed: Routed) -> Sentence:
    """One sentence for the customer."""
    if routed.reason.code in WINDOWS:
        return say(WINDOWS[routed.reason.code], **routed.reason.figures)
    if not item.shelf.is_tracked:
        return say("window.always")
    left = max(routed.available, 0)
    match routed.verdict:
        case Verdict.COVERED:
            return say("window.covered", left=left)
        case Verdict.ASK:
            return say("window.ask", left=left, wanted=routed.wanted)
        case Verdict.BACKORDER:
            return say("window.backorder", left=left, backordered=routed.wanted - left)
        case Verdict.REFUSE:
            return say("window.refuse", left=left)


def is_for_sale(item: Item) -> bool:
    """Whether what the product says of itself is for customers to read."""
    return item.status is Status.PUBLISHED
