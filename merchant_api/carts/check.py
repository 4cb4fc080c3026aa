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
from merchant_api.core.ids import new_id
from merchant_api.core.sentences.sentence import Sentence, say
from merchant_api.orders.errors import InsufficientStock, OverLimit, ProductNotForSale
from merchant_api.orders.place import seats
from merchant_api.orders.place.ground import Ground, Item, look
from merchant_api.orders.place.limits import items_for_sale, named
from merchant_api.orders.place.placement import CustomerWanted, LineWanted, Placement
from merchant_api.orders.route import Need, Routed, route
from merchant_api.orders.states import Verdict


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
    ground = look(merchant_id, [line.product_id for line in lines])
    seats.look_up(merchant_id, [_placement(lines, actor)], ground)
    return ground


def judge(lines: Sequence[LineWanted], ground: Ground, actor: Actor) -> list[Judged]:
    """Judge lines of products that the ground knows, all together, as one order of the actor's own."""
    needs = [
        Need(number, line.product_id, line.quantity, line.location_id, line.grade_id)
        for number, line in enumerate(lines)
    ]
    shelves = {item.product_id: item.shelf for item in ground.items.values()}
    routed = route(needs, shelves, {key: balance.available for key, balance in ground.book.balances.items()})
    return [_judged(line, routed[number], ground, actor) for number, line in enumerate(lines)]


def _judged(line: LineWanted, routed: Routed, ground: Ground, actor: Actor) -> Judged:
    item = ground.items[line.product_id]
    available = max(routed.available, 0) if item.shelf.is_tracked else None
    refusal = _refusal(line, ground, actor)
    if isinstance(refusal, ProductNotForSale):
        return _refused(refusal, say("verdict.not_for_sale"), say("window.not_for_sale"), None)
    if isinstance(refusal, OverLimit):
        reason = say("verdict.over_limit", wanted=line.quantity, most=item.max_quantity)
        return _refused(refusal, reason, _says_limit(item, routed), available)
    if refusal is not None:
        return _refused(refusal, say("text", text=refusal.code), say("text", text=refusal.detail), available)
    message = _says(item, routed)
    if routed.verdict is Verdict.REFUSE:
        short = named(item) | {"wanted": routed.wanted, "available": available}
        return _refused(InsufficientStock(lines=[short]), routed.reason, message, available)
    return Judged(routed.verdict, routed.reason, available, message)


def _refusal(line: LineWanted, ground: Ground, actor: Actor) -> Refusal | None:
    """What placing would say of this line before it looks at stock."""
    placement = _placement([line], actor)
    try:
        items_for_sale(placement, ground)
        seats.check_free(placement, ground)
    except Refusal as refusal:
        return refusal
    return None


def _placement(lines: Sequence[LineWanted], actor: Actor) -> Placement:
    """An order of these lines that the actor would place for herself."""
    customer = CustomerWanted(actor.person_id or new_id(), actor.name)
    return Placement(lines=tuple(lines), customer=customer, actor=actor, is_limited=True)


def _refused(refusal: Refusal, reason: Sentence, message: Sentence, available: int | None) -> Judged:
    members, errors = dict(refusal.members), refusal.members.get("errors")
    if isinstance(errors, dict) and "lines" in errors:
        members["errors"] = errors["lines"]["0"]  # complaints of the one line that was judged, by its fields
    return Judged(Verdict.REFUSE, reason, available, message, type(refusal)(str(message), **members))


def _says_limit(item: Item, routed: Routed) -> Sentence:
    """The limit, and what is left where that is even less."""
    there = max(routed.available, 0)
    if routed.verdict is Verdict.REFUSE and there < item.max_quantity:
        return say("window.over_limit_and_short", most=item.max_quantity, left=there)
    return say("window.over_limit", most=item.max_quantity)


def _says(item: Item, routed: Routed) -> Sentence:
    """One sentence for the customer."""
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
