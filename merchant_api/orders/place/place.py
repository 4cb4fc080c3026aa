"""Place orders: a list of one merchant's placements, decided in order in one transaction, a value for each.

One locked read, the pure routing in order of arrival, one write statement; a refusal undoes no neighbour. It opens its
own transaction (DESIGN.md 4.6), so that what arrives at the same moment can be gathered without another design.
"""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from merchant_api.core import metrics, replay
from merchant_api.core.db import TRIES, in_transaction
from merchant_api.core.errors import NotFound, Refusal
from merchant_api.core.replay import Claim
from merchant_api.orders.errors import AlreadyRegistered, ReferenceUsed, SeenBefore
from merchant_api.orders.place import cap, seats
from merchant_api.orders.place.draft import Draft, draw_up
from merchant_api.orders.place.ground import Ground, read_locked
from merchant_api.orders.place.placement import Placed, Placement, Refused, Replayed, Result
from merchant_api.orders.place.write import products_of, write
from merchant_api.orders.view import view

CODE_TAKEN, REGISTERED = "uq_orders_merchant_id_code", "pk_registrations"
TAKEN: dict[str, Callable[[], Refusal]] = {
    "pk_idempotency_keys": lambda: replay.KeyInUse(retry_after=1),
    "uq_payments_merchant_id_reference": ReferenceUsed,
    "uq_orders_external": SeenBefore,
    REGISTERED: AlreadyRegistered,
}


def place(merchant_id: UUID, placements: Sequence[Placement]) -> list[Result]:
    """Place each of the placements, or say why not; raises NotFound for an unknown merchant.

    A key that was used before gives its stored answer, also where the same order would be refused by now.
    """
    results = _placed(merchant_id, placements)
    for result in results:
        if isinstance(result, Placed):  # the one place where placed orders are counted: they are committed
            metrics.orders_placed.labels(result.view.order.mode).inc()
    return [
        or_replayed(result, placement.claim) if isinstance(result, Refused) else result
        for result, placement in zip(results, placements, strict=True)
    ]


def _placed(merchant_id: UUID, placements: Sequence[Placement]) -> list[Result]:
    for attempt in range(1, TRIES + 1):
        try:
            return in_transaction(lambda: _once(merchant_id, placements))
        except NotFound:
            raise
        except Refusal as refusal:  # of all that was to be written: the cap, or what `finish` found
            return [Refused(refusal)] if len(placements) == 1 else _one_by_one(merchant_id, placements)
        except IntegrityError as error:
            taken = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
            if taken in (CODE_TAKEN, REGISTERED) and attempt < TRIES:
                continue  # with another code; what a rival registered is read and named the next time
            if taken not in TAKEN:
                raise
            if len(placements) > 1:
                return _one_by_one(merchant_id, placements)
            return [Refused(TAKEN[taken]())]
    raise AssertionError("unreachable")


def _one_by_one(merchant_id: UUID, placements: Sequence[Placement]) -> list[Result]:
    return [result for placement in placements for result in _placed(merchant_id, [placement])]


def _once(merchant_id: UUID, placements: Sequence[Placement]) -> list[Result]:
    begun = [_begun(placement) for placement in placements]
    ground = read_locked(merchant_id, products_of(placements))
    seats.look_up(merchant_id, placements, ground)
    drafts: list[Draft] = []
    results = [
        refused or _decided(merchant_id, placement, ground, drafts)
        for refused, placement in zip(begun, placements, strict=True)
    ]
    placed = [result for result in results if isinstance(result, Placed)]
    if drafts:
        cap.keep(merchant_id, drafts, ground.terrain.unpaid_orders_cap)
        write(merchant_id, drafts, [result.answer for result in placed], ground.book)
    for draft, result in zip(drafts, placed, strict=True):
        if draft.placement.around is not None:
            draft.placement.around.finish(result.view)
    return results


def _begun(placement: Placement) -> Refused | None:
    if placement.around is None:
        return None
    try:
        placement.around.begin()
    except Refusal as refusal:
        return Refused(refusal)
    return None


def _decided(merchant_id: UUID, placement: Placement, ground: Ground, drafts: list[Draft]) -> Result:
    try:
        draft = draw_up(merchant_id, placement, ground)
    except Refusal as refusal:
        return Refused(refusal)
    drafts.append(draft)
    shown = view(draft.order, draft.lines, draft.holds)
    return Placed(shown, placement.render(shown) if placement.render else None)


def or_replayed(refused: Refused, claim: Claim | None) -> Result:
    """The stored answer of the key where there is one, else the refusal as it is."""
    if claim is None:
        return refused
    try:
        stored = in_transaction(lambda: replay.find(claim))
    except Refusal as refusal:
        return Refused(refusal)
    return refused if stored is None else Replayed(stored)
