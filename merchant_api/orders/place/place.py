"""Place orders: a list of one merchant's placements, decided in order in one transaction, a value for each.

One locked read, the pure routing in order of arrival, one write statement; a refusal undoes no neighbour. Only a unique
key that a rival took first makes a batch run again, one by one. It opens its own transaction (DESIGN.md 4.6), so that
what arrives at the same moment can be gathered without another design. A backorder for a place where its product never
lay runs again once the cell is made, which nobody waits for while he has one locked. Whom an order of his own outran
before he was proven is locked when it runs again.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from merchant_api.core import metrics, replay, tenancy
from merchant_api.core.db import TRIES, in_transaction
from merchant_api.core.errors import Refusal, Unavailable
from merchant_api.core.replay import Claim
from merchant_api.orders.errors import AlreadyRegistered, ReferenceUsed, SeenBefore
from merchant_api.orders.place import seats
from merchant_api.orders.place.batch import decide
from merchant_api.orders.place.draft import Draft
from merchant_api.orders.place.ground import Ground, read_in_turn, read_locked
from merchant_api.orders.place.named_by import people_of, products_of
from merchant_api.orders.place.new_cells import CellsMissing, make_chosen, nowhere
from merchant_api.orders.place.placement import Placed, Placement, Refused, Replayed, Result
from merchant_api.orders.place.recognise import recognised
from merchant_api.orders.place.turns import Outrun
from merchant_api.orders.place.write import write
from merchant_api.orders.registrations import Seat

CODE_TAKEN, REGISTERED, MARKED = "uq_orders_merchant_id_code", "pk_registrations", "pk_customer_marks"
TAKEN: dict[str, Callable[[], Refusal]] = {
    "pk_idempotency_keys": lambda: replay.KeyInUse(retry_after=1),
    "uq_payments_merchant_id_reference": ReferenceUsed,
    "uq_orders_external": SeenBefore,
    REGISTERED: AlreadyRegistered,
    MARKED: lambda: Unavailable(retry_after=1),
}
Read = Callable[[UUID, Collection[UUID], Collection[UUID]], Ground]


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
    read = read_locked
    for attempt in range(1, TRIES + 1):
        try:
            return in_transaction(partial(_once, merchant_id, placements, read), tenancy.of(merchant_id))
        except Outrun:
            read = read_in_turn
        except CellsMissing as missing:
            in_transaction(partial(make_chosen, merchant_id, missing.choices), tenancy.of(merchant_id))
        except IntegrityError as error:
            taken = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
            if taken in (CODE_TAKEN, REGISTERED, MARKED) and attempt < TRIES:
                continue  # with another code; what a rival entered or registered is read the next time
            if taken not in TAKEN:
                raise
            if len(placements) > 1:
                return _one_by_one(merchant_id, placements)
            return [Refused(TAKEN[taken]())]
    return [Refused(Unavailable(retry_after=1)) for _ in placements]


def _one_by_one(merchant_id: UUID, placements: Sequence[Placement]) -> list[Result]:
    """After a unique key was taken, which says nothing of whose it was."""
    return [result for placement in placements for result in _placed(merchant_id, [placement])]


def _once(merchant_id: UUID, placements: Sequence[Placement], read: Read) -> list[Result]:
    refused = _begin(placements)
    ground = read(merchant_id, products_of(placements), people_of(placements))
    placements = recognised(merchant_id, placements, ground)
    seats.look_up(merchant_id, _seats(placements), ground)
    batch = decide(placements, refused, ground)
    if missing := nowhere(batch.drafts.values()):
        raise CellsMissing(missing)
    placed = {number: _stands(draft) for number, draft in batch.drafts.items()}
    if placed:
        answers = [each.answer for each in placed.values()]
        write(merchant_id, list(batch.drafts.values()), answers, batch.book, batch.strangers)
    for number, result in placed.items():
        if (around := placements[number].around) is not None:
            around.finish(result.view)
    return [placed.get(number) or Refused(batch.refused[number]) for number in range(len(placements))]


def _begin(placements: Sequence[Placement]) -> dict[int, Refusal]:
    """Lock what becomes an order, in the order of its ids; gives who is refused by it."""
    refused: dict[int, Refusal] = {}
    begun = [(placement.around, number) for number, placement in enumerate(placements) if placement.around is not None]
    for around, number in sorted(begun, key=lambda each: each[0].source):
        try:
            around.begin()
        except Refusal as refusal:
            refused[number] = refusal
    return refused


def _seats(placements: Iterable[Placement]) -> set[Seat]:
    return {
        (line.product_id, person_id) for each in placements for line in each.lines for person_id in each.customer.people
    }


def _stands(draft: Draft) -> Placed:
    shown, render = draft.shown, draft.placement.render
    return Placed(shown, render(shown) if render else None)


def or_replayed(refused: Refused, claim: Claim | None) -> Result:
    """The stored answer of the key where there is one, else the refusal as it is."""
    if claim is None:
        return refused
    try:
        stored = in_transaction(lambda: replay.find(claim), tenancy.of(claim.merchant_id))
    except Refusal as refusal:
        return Refused(refusal)
    return refused if stored is None else Replayed(stored)
