"""Put the newest levels of listings on the web stack, in one statement: the only way onto it.

A record that is open takes the newest level and a higher version; what is told anew waits for nothing where it is a
zero. A new record is made only where the shop is not known to sell the level already; after an order of the shop itself
that is never known, and whoever sends reads it first (`jobs/channels/call.py`). Whether an open record has the level
already is asked of its row once it is locked, as who sends may just be writing it. Two marks at once may leave the
older level in the record: who sends reads the newest (`levels/claim.py`), and every change is marked once more after it
was committed.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Boolean, DateTime, bindparam, text

from merchant_api.channels.shown import PARAMETERS, SHOWN_SQL, given
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_block

# What was held for a fault of its listing is tried again once its level changes; what a person holds stays held.
_MARK = text(
    f"""
    WITH {SHOWN_SQL}, marked AS (
        SELECT shown.channel_id, shown.product_id, shown.level, shown.is_faulty,
            row_number() OVER (ORDER BY shown.channel_id, shown.product_id) AS number
        FROM shown LEFT JOIN levels AS waiting ON waiting.merchant_id = :merchant_id
            AND waiting.channel_id = shown.channel_id AND waiting.product_id = shown.product_id
            AND waiting.state IN ('pending', 'held')
        WHERE shown.is_live
            AND (waiting.id IS NOT NULL OR :is_forced OR shown.is_unsure OR shown.level IS DISTINCT FROM shown.expected)
    )
    INSERT INTO levels (merchant_id, id, channel_id, product_id, level, version, state, due_at, since, attempts)
    SELECT :merchant_id, CAST(:block || lpad(to_hex(number), 8, '0') AS uuid), channel_id, product_id, level, 1,
        'pending', :at, :at, 0
    FROM marked ORDER BY number
    ON CONFLICT (merchant_id, channel_id, product_id) WHERE state IN ('pending', 'held') DO UPDATE SET
        level = excluded.level,
        version = levels.version + 1,
        state = CASE WHEN EXISTS (
            SELECT 1 FROM marked
            WHERE marked.is_faulty AND marked.channel_id = levels.channel_id
                AND marked.product_id = levels.product_id
        ) THEN 'pending' ELSE levels.state END,
        due_at = CASE
            WHEN levels.lease_token IS NULL AND (excluded.level = 0 OR :is_forced OR levels.state = 'held')
            THEN least(levels.due_at, excluded.due_at) ELSE levels.due_at END
    WHERE levels.level <> excluded.level OR :is_forced
    RETURNING 1
    """  # noqa: S608 - parts of one statement, all constants
).bindparams(*PARAMETERS, bindparam("is_forced", type_=Boolean()), bindparam("at", type_=DateTime(timezone=True)))


def mark(
    merchant_id: UUID,
    *,
    channel_id: UUID | None = None,
    product_ids: Sequence[UUID] | None = None,
    is_forced: bool = False,
) -> int:
    """Put levels on the stack: of all listings of the merchant, of one channel, of some products.

    `is_forced`: also what the shop is known to sell already. Gives how many records are new or changed.
    """
    more = {"is_forced": is_forced, "at": clock.now(), "block": new_block()}
    rows = session().execute(_MARK, {**given(merchant_id, channel_id, product_ids), **more})
    return len(rows.all())
