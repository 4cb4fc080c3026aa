"""Record what came of levels that were sent, many in one statement, under their leases: a lost lease changes nothing.

A record is done if nothing newer waits in it, else it is due at once. What the shop acknowledged is kept with the
listing in the same statement, with what was sold until then; so is what is wrong with the listing.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, DateTime, Integer, Text, Uuid, bindparam, text

from merchant_api.channels.levels.came import Came, columns
from merchant_api.core.db import session

_KINDS: dict[str, Any] = {
    "ids": Uuid,
    "tokens": Uuid,
    "states": Text,
    "dues": DateTime(timezone=True),
    "texts": Text,
    "statuses": Integer,
    "sells": Integer,
    "faults": Text,
    "whys": Text,
    "counted": Boolean,
    "solds": Integer,
}
# A person may hold a record while it is on its way: it stays held, unless it has arrived.
_RECORD = text(
    """
    WITH told AS (
        SELECT * FROM unnest(:ids, :tokens, :states, :dues, :texts, :statuses, :sells, :faults, :whys, :counted, :solds)
            AS told (id, token, state, due_at, text, status, sells, fault, why, is_counted, sold)
    ), changed AS (
        UPDATE levels SET
            state = CASE
                WHEN told.state = 'pending' THEN levels.state
                WHEN levels.version <> levels.sent_version THEN levels.state
                ELSE told.state END,
            ended_at = CASE WHEN told.state = 'done' AND levels.version = levels.sent_version THEN :at END,
            due_at = CASE WHEN levels.version <> levels.sent_version AND (told.state <> 'pending' OR levels.level = 0)
                THEN :at ELSE told.due_at END,
            since = CASE WHEN told.state = 'done' AND levels.version <> levels.sent_version
                THEN greatest(levels.since, :sent_at) ELSE levels.since END,
            attempts = CASE WHEN told.state = 'done' AND levels.version <> levels.sent_version THEN 0
                WHEN told.is_counted THEN levels.attempts ELSE greatest(levels.attempts - 1, 0) END,
            lease_token = NULL, text = told.text, status = told.status, tried_at = :at
        FROM told
        WHERE levels.merchant_id = :merchant_id AND levels.id = told.id AND levels.lease_token = told.token
            AND levels.state IN ('pending', 'held')
        RETURNING levels.channel_id, levels.product_id, told.sells, told.fault, told.why, told.id, told.sold
    ), known AS (
        UPDATE listings SET
            acknowledged = coalesce(changed.sells, listings.acknowledged),
            acknowledged_at = CASE WHEN changed.sells IS NULL THEN listings.acknowledged_at ELSE :at END,
            sold_then = CASE WHEN changed.sells IS NULL THEN listings.sold_then ELSE changed.sold END,
            shop_level = coalesce(changed.sells, listings.shop_level),
            read_at = CASE WHEN changed.sells IS NULL THEN listings.read_at ELSE :at END,
            fault = changed.fault, why = changed.why
        FROM changed
        WHERE listings.merchant_id = :merchant_id AND listings.channel_id = changed.channel_id
            AND listings.product_id = changed.product_id
            AND (changed.sells IS NOT NULL OR changed.fault IS NOT NULL)
        RETURNING listings.product_id, listings.sold <> listings.sold_then AS is_unsure
    )
    SELECT product_id, is_unsure FROM known
    """
).bindparams(
    bindparam("merchant_id", type_=Uuid()),
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("sent_at", type_=DateTime(timezone=True)),
    *(bindparam(name, type_=ARRAY(kind)) for name, kind in _KINDS.items()),
)
_HAND_BACK = text(
    """
    UPDATE levels SET lease_token = NULL, due_at = :at, attempts = greatest(levels.attempts - 1, 0)
    FROM unnest(:ids, :tokens) AS told (id, token)
    WHERE levels.merchant_id = :merchant_id AND levels.id = told.id AND levels.lease_token = told.token
    """
).bindparams(
    bindparam("merchant_id", type_=Uuid()),
    bindparam("at", type_=DateTime(timezone=True)),
    *(bindparam(name, type_=ARRAY(Uuid)) for name in ("ids", "tokens")),
)


def record(merchant_id: UUID, some: list[Came], at: datetime, sent_at: datetime) -> set[UUID]:
    """Record tries of a merchant's levels that set out at an instant.

    Gives the products of which the shop's own orders came in since their level was read: they have to be marked again.
    """
    if not some:
        return set()
    given = {"merchant_id": merchant_id, "at": at, "sent_at": sent_at, **columns(some)}
    return {row.product_id for row in session().execute(_RECORD, given) if row.is_unsure}


def hand_back(merchant_id: UUID, leases: list[tuple[UUID, UUID]], at: datetime) -> None:
    """Records were claimed and did not set out: due at once, and the attempt does not count."""
    if leases:
        ids, tokens = [each[0] for each in leases], [each[1] for each in leases]
        session().execute(_HAND_BACK, {"merchant_id": merchant_id, "at": at, "ids": ids, "tokens": tokens})
