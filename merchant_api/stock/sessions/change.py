"""Changing a count by a direction and an amount, and withdrawing one. The log keeps everything.

An increase or decrease builds on the count that holds, or else on the live on_hand. After a withdrawal holds what the
rest of the cell's log comes to. Both lock the cell's count, so that two changes at once both tell.
"""

from dataclasses import asdict
from uuid import UUID

from merchant_api.core.actor import Actor
from merchant_api.core.columns import LARGEST_QUANTITY
from merchant_api.core.ids import new_id
from merchant_api.stock import places
from merchant_api.stock.adjust import Adjustment, check_tracked
from merchant_api.stock.errors import BelowZero
from merchant_api.stock.ledger import TooManyUnits
from merchant_api.stock.places import Place
from merchant_api.stock.sessions import lock, staged
from merchant_api.stock.sessions.count import CellCount, count_again
from merchant_api.stock.sessions.errors import AlreadyWithdrawn
from merchant_api.stock.sessions.fold import Counted, fold
from merchant_api.stock.sessions.models import Count
from merchant_api.stock.sessions.states import CountKind


def adjust(merchant_id: UUID, wanted: Adjustment, actor: Actor) -> Count:
    """Change what is counted of a cell, with a reason; a new total is a count.

    Raises NoSuchProduct, NotTracked, NoSuchPlace, NoStagedSession, SessionClosing, BelowZero, TooManyUnits.
    """
    check_tracked(merchant_id, wanted.product_id)
    key = places.key_of(merchant_id, wanted.product_id, Place(wanted.location, wanted.grade))
    if wanted.quantity is not None:
        new = CellCount(key, wanted.quantity, wanted.comment, reason=wanted.reason)
        return count_again(merchant_id, new, actor)
    session_id = lock.counting(merchant_id)
    before = staged.begun(merchant_id, session_id, key)
    change = (wanted.increase or 0) - (wanted.decrease or 0)
    after = _added(before, change)
    row = staged.entry(merchant_id, session_id, key, after, actor)
    row.id, row.kind = after.count_id, CountKind.INCREASE if change > 0 else CountKind.DECREASE
    row.change, row.reason, row.comment = change, wanted.reason, wanted.comment
    return staged.write(row, after)


def withdraw(merchant_id: UUID, count_id: UUID, actor: Actor, comment: str | None = None) -> Count:
    """Take a count back: the cell falls back to what was counted before; gives the row that says so.

    Raises NoStagedSession, SessionClosing, NotFound for a count of another session, AlreadyWithdrawn, and BelowZero
    where a later decrease would have nothing to take from.
    """
    session_id = lock.counting(merchant_id)
    key = staged.key_of(staged.counted(merchant_id, session_id, count_id))
    staged.holding(merchant_id, session_id, key)
    log = staged.log(merchant_id, session_id, key)
    if any(row.withdraws == count_id for row in log):
        raise AlreadyWithdrawn
    after = fold(row for row in log if row.id != count_id)
    row = staged.entry(merchant_id, session_id, key, after, actor)
    row.kind, row.withdraws, row.comment = CountKind.WITHDRAWAL, count_id, comment
    return staged.write(row, after)


def _added(before: Counted, change: int) -> Counted:
    quantity = before.quantity + change
    if quantity < 0:
        raise BelowZero(f"{before.quantity} are counted.", counted=before.quantity)
    if quantity > LARGEST_QUANTITY:
        raise TooManyUnits
    return Counted(**asdict(before) | {"quantity": quantity, "count_id": new_id()})
