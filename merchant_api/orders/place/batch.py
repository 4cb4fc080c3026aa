"""Decide a batch under its locks: who stands and who is refused, each by himself, in the order of arrival.

A refusal undoes no neighbour. Those before it keep what they got; those after it find what it would have taken. Whom
the cap leaves out is known only when it was counted, which is done once it is known who counts: then the rest is drawn
up again on the ground as it was read.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from merchant_api.core.errors import Refusal
from merchant_api.orders.errors import BecameAnOrder
from merchant_api.orders.place.cap import Cap
from merchant_api.orders.place.draft import Draft, draw_up, reserve
from merchant_api.orders.place.ground import Ground
from merchant_api.orders.place.placement import Placement
from merchant_api.orders.unproven import Stranger
from merchant_api.stock.ledger import Book


@dataclass(slots=True)
class Batch:
    """Drafts and refusals by their places in the order of arrival, and the book with what the drafts take."""

    book: Book
    refused: dict[int, Refusal]
    strangers: Mapping[UUID, Stranger]
    drafts: dict[int, Draft] = field(default_factory=dict)
    unpaid: Counter[UUID] = field(default_factory=Counter)
    sources: set[UUID] = field(default_factory=set)


def decide(placements: Sequence[Placement], refused: Mapping[int, Refusal], ground: Ground) -> Batch:
    """Decide all that are not refused yet.

    It ends: every further round knows the count of a customer more, and a round in which all are counted is the last.
    """
    cap = Cap(ground.book.merchant_id, ground.policy.unpaid_orders_cap)
    while True:
        batch = _drawn(placements, refused, ground.copy(), cap)
        uncounted = cap.uncounted(batch.drafts.values())
        if uncounted:
            cap.count(uncounted)
        if not uncounted or cap.is_kept(batch.drafts.values()):
            cap.forget_strangers(batch.drafts.values())
            return batch


def _drawn(placements: Sequence[Placement], refused: Mapping[int, Refusal], ground: Ground, cap: Cap) -> Batch:
    batch = Batch(ground.book, dict(refused), ground.strangers)
    for number, placement in enumerate(placements):
        if number in refused:
            continue
        try:
            draft = _agreed(placement, ground, cap, batch)
        except Refusal as refusal:
            batch.refused[number] = refusal
            continue
        reserve(draft, ground)
        batch.drafts[number] = draft
        batch.unpaid[draft.locked.order.customer_id] += cap.counts(draft)
        if placement.around is not None:
            batch.sources.add(placement.around.source)
    return batch


def _agreed(placement: Placement, ground: Ground, cap: Cap, batch: Batch) -> Draft:
    """A draft that nothing stands against; raises a refusal and changes nothing then."""
    around = placement.around
    if around is not None and around.source in batch.sources:
        raise BecameAnOrder
    draft = draw_up(placement, ground)
    cap.check(draft, batch.unpaid)
    if around is not None:
        around.agrees(draft.shown)
    return draft
