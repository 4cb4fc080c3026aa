"""Closing the live session: it becomes history, the staged one is sold from, and a new empty one can be counted into.

All in one transaction. The snapshot of what is closed comes first; then the cells are locked in the order of their
keys and the plan is carried out on them by one statement, so that sales wait as briefly as can be. The snapshot is one
picture of one instant, and what a cell's ledger says after its `seq` happened later. Products of which others can buy
more or fewer somewhere afterwards are named by `stock.changed`, forty in a row, in the statement that changes them.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Uuid, bindparam, text

from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.columns import LARGEST_QUANTITY
from merchant_api.core.db import session
from merchant_api.core.ids import new_block
from merchant_api.outbox.record import STOCK_CHANGED, VERSION, Happening, first_state, record
from merchant_api.stock import holds
from merchant_api.stock.ledger import CellMoved, TooManyUnits
from merchant_api.stock.sessions import lock, plan, start
from merchant_api.stock.sessions.errors import NothingCounted, VersionMissing, VersionMoved
from merchant_api.stock.sessions.lock import Closing
from merchant_api.stock.sessions.models import Session
from merchant_api.stock.sessions.plan import Promotion
from merchant_api.stock.sessions.states import Moved, Scope, SessionState

TOLD_AT_ONCE = 40  # products in one `stock.changed`: payloads beyond 2 kB are compressed, which takes longer
# A hundred thousand cells take longer than a request is given otherwise, and twice as long where memory is short.
_ROOM = text("SELECT set_config('statement_timeout', '30s', true), set_config('work_mem', '64MB', true)")
_IDS = [bindparam(name, type_=Uuid()) for name in ("merchant_id", "session_id")]
_SNAPSHOT = text(
    """
    INSERT INTO snapshots (merchant_id, session_id, product_id, location_id, grade_id, on_hand, held, used, seq)
    SELECT merchant_id, :session_id, product_id, location_id, grade_id, on_hand, held, used, seq
    FROM cells WHERE merchant_id = :merchant_id
    """
).bindparams(*_IDS)
_COUNTED = text(
    "SELECT count(*) FROM staged_cells WHERE merchant_id = :merchant_id AND session_id = :session_id"
).bindparams(*_IDS)
# A count that agreed with the books when it was made changes nothing, however much moved since: no need to wait for it.
_AGREES = "(NOT :is_ignored AND staged.moved IS NULL AND staged.quantity - staged.unpicked = staged.read_on_hand)"
_LOCK_SQL = """
    SELECT count(*) FROM (
        SELECT 1 FROM cells {join} JOIN staged_cells AS staged ON staged.merchant_id = :merchant_id
            AND staged.session_id = :session_id AND staged.product_id = cells.product_id
            AND staged.location_id = cells.location_id AND staged.grade_id = cells.grade_id
        WHERE cells.merchant_id = :merchant_id AND {agrees} IS NOT TRUE
        ORDER BY cells.product_id, cells.location_id, cells.grade_id FOR NO KEY UPDATE OF cells
    ) AS locked
"""
_LOCK = {
    scope: text(_LOCK_SQL.format(join=join, agrees=_AGREES)).bindparams(*_IDS)
    for scope, join in ((Scope.PARTIAL, ""), (Scope.FULL, "LEFT"))
}
# The locked version of a cell is found again by where it lies, which costs less than by its key.
_WRITE = """, numbered AS (
    SELECT product_id, location_id, grade_id, on_hand, held, used, seq, version, counted, after,
        row_number() OVER () AS number
    FROM plan WHERE after <> on_hand
), written AS (
    UPDATE cells SET on_hand = numbered.after, seq = cells.seq + 1 FROM numbered
    WHERE cells.merchant_id = :merchant_id AND cells.ctid = numbered.version AND cells.seq = numbered.seq
    RETURNING 1
), entered AS (
    INSERT INTO ledger (merchant_id, id, product_id, location_id, grade_id, seq, on_hand_change, held_change,
        used_change, on_hand, held, used, reason, comment, actor, happened_at)
    SELECT :merchant_id, CAST(:block || lpad(to_hex(number), 8, '0') AS uuid), product_id, location_id, grade_id,
        seq + 1, after - on_hand, 0, 0, after, held, used, 'promotion', :comment, CAST(:actor AS jsonb), :at
    FROM numbered
), changed AS (
    SELECT product_id, (row_number() OVER () - 1) / :told_at_once AS part FROM (
        SELECT product_id FROM numbered GROUP BY product_id, location_id HAVING sum(after - on_hand) <> 0
    ) AS moved GROUP BY product_id
), told AS (
    INSERT INTO events (merchant_id, id, type, payload, happened_at, state, due_at, attempts)
    SELECT :merchant_id, CAST(:event_block || lpad(to_hex(part), 8, '0') AS uuid), :event_type,
        jsonb_build_object('v', CAST(:event_version AS integer), 'product_ids', jsonb_agg(product_id)),
        :at, :event_state, :at, 0
    FROM changed GROUP BY part
)
SELECT count(*) AS changed, (SELECT count(*) FROM written) AS written,
    count(*) FILTER (WHERE counted IS NULL AND after < on_hand) AS zeroed,
    min(CAST(product_id AS text)) FILTER (WHERE after > on_hand AND after > :largest) AS too_full
FROM numbered
"""


@dataclass(frozen=True, slots=True)
class Close:
    """How to close: `version` is the one of the preview that was looked at, needed for a full count."""

    scope: Scope = Scope.PARTIAL
    moved: Moved | None = None
    version: int | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """The three sessions after a close; how many cells were counted, changed, and set to 0 for want of a count."""

    closed: Session
    live: Session
    staged: Session
    counted: int
    changed: int
    zeroed: int


def close(merchant_id: UUID, wish: Close, actor: Actor) -> Closed:
    """Close the live session and promote the staged one.

    Raises SessionClosing, NoStagedSession, NothingCounted, VersionMissing, VersionMoved, and TooManyUnits, which names
    a product that would have too many.
    """
    if wish.scope is Scope.FULL and wish.version is None:
        raise VersionMissing(errors={"version": ["Look at the preview first."]})
    locked = lock.closing(merchant_id)
    counted, version = _checked(locked, wish)
    session().execute(_ROOM)
    session().execute(_SNAPSHOT, {"merchant_id": merchant_id, "session_id": locked.live.id})
    given = plan.parameters(merchant_id, locked.staged.id, Promotion(wish.scope, wish.moved))
    session().execute(_LOCK[wish.scope], given)
    at = clock.now()  # read under the locks: no row of a cell's ledger is older than the one before it
    done = _carried_out(given, wish, actor, at)
    holds.wake_all(merchant_id)
    staged = _turned(locked, wish, version, actor, at)
    ids = {"session_id": locked.staged.id, "closed_session_id": locked.live.id, "staged_session_id": staged.id}
    record(Happening(merchant_id, "session.promoted", None, {name: str(value) for name, value in ids.items()}))
    session().flush()
    return Closed(locked.live, locked.staged, staged, counted, done.changed, done.zeroed)


def _checked(locked: Closing, wish: Close) -> tuple[int, int]:
    """How many cells are counted, and the version of the count."""
    staged = locked.staged
    counted = session().execute(_COUNTED, {"merchant_id": staged.merchant_id, "session_id": staged.id}).scalar_one()
    if not counted:
        raise NothingCounted
    version = plan.version(staged.merchant_id, staged.id)
    if wish.version is not None and wish.version != version:
        raise VersionMoved(version=version)
    return counted, version


def _carried_out(given: dict[str, Any], wish: Close, actor: Actor, at: datetime) -> Row[Any]:
    more = {"block": new_block(), "comment": wish.comment, "actor": json.dumps(actor.stamp()), "at": at}
    limits = {"largest": LARGEST_QUANTITY, "told_at_once": TOLD_AT_ONCE}
    done = session().execute(plan.statement(wish.scope, _WRITE), given | more | limits | _event()).one()
    if done.written != done.changed:
        raise CellMoved(f"{done.written} of {done.changed} cells written")
    if done.too_full is not None:
        raise TooManyUnits(product_id=done.too_full)
    return done


def _event() -> dict[str, Any]:
    """What `stock.changed` is made of, but for its products, which only the statement knows."""
    return {
        "event_block": new_block(),
        "event_type": STOCK_CHANGED,
        "event_version": VERSION,
        "event_state": first_state(STOCK_CHANGED).value,
    }


def _turned(locked: Closing, wish: Close, version: int, actor: Actor, at: datetime) -> Session:
    """One state after the other, for never two sessions are live or staged."""
    live, staged = locked.live, locked.staged
    live.state, live.closed_at, live.closed_by = SessionState.CLOSED, at, actor.stamp()
    session().flush()
    staged.state, staged.promoted_at, staged.version = SessionState.LIVE, at, version
    staged.scope, staged.moved, staged.comment = wish.scope, wish.moved, wish.comment
    session().flush()
    return start.staged(live.merchant_id, actor)
