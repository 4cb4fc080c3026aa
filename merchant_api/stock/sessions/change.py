"""Changing a count by a direction and an amount, and withdrawing one. The log keeps everything.

An increase or decrease builds on the count that holds, or else on the live on_hand. After a withdrawal holds what the
rest of the cell's log comes to. Both have the session alone, so that of two at once each builds on the other.
"""

from uuid import UUID

from merchant_api.core.actor import Actor
from merchant_api.stock import places
from merchant_api.stock.adjust import Adjustment, check_tracked
from merchant_api.stock.places import Place
from merchant_api.stock.sessions import lock, staged
from merchant_api.stock.sessions.count import CellCount, count_again
from merchant_api.stock.sessions.errors import AlreadyWithdrawn
from merchant_api.stock.sessions.fold import changed, fold
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
    counting = lock.changing(merchant_id)
    places.make_cells(merchant_id, [key])
    before = staged.holding(merchant_id, counting.session_id, key) or staged.live(merchant_id, key)
    row = staged.entry(merchant_id, counting, key, actor)
    row.change = (wanted.increase or 0) - (wanted.decrease or 0)
    row.kind = CountKind.INCREASE if row.change > 0 else CountKind.DECREASE
    row.reason, row.comment = wanted.reason, wanted.comment
    return staged.write(row, changed(before, row))


def withdraw(merchant_id: UUID, count_id: UUID, actor: Actor, comment: str | None = None) -> Count:
    """Take a count back: the cell falls back to what was counted before; gives the row that says so.

    Raises NoStagedSession, SessionClosing, NotFound for a count of another session, AlreadyWithdrawn, and where later
    changes can't do without it BelowZero, TooManyUnits.
    """
    counting = lock.changing(merchant_id)
    key = staged.key_of(staged.counted(merchant_id, counting.session_id, count_id))
    log = staged.log(merchant_id, counting.session_id, key)
    if any(row.withdraws == count_id for row in log):
        raise AlreadyWithdrawn
    row = staged.entry(merchant_id, counting, key, actor)
    row.kind, row.withdraws, row.comment = CountKind.WITHDRAWAL, count_id, comment
    return staged.write(row, fold(row for row in log if row.id != count_id))
