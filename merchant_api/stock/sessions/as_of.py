"""What a cell held, and what of it was sold and still on the shelf, when something was counted: from its documents.

The ledger tells what the figures were and which holds it has changed since; a hold tells when its units left.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Uuid, bindparam, text

from merchant_api.core.db import session
from merchant_api.stock.ledger import CellKey
from merchant_api.stock.sessions.models import Count

_READ = text(
    """
    WITH told AS (
        SELECT seq, on_hand FROM ledger
        WHERE merchant_id = :merchant_id AND product_id = :product_id AND location_id = :location_id
            AND grade_id = :grade_id AND id < :count_id
        ORDER BY seq DESC LIMIT 1
    ), since AS (
        SELECT hold_id, array_agg(reason) AS reasons,
            sum(CASE WHEN hold_back > 0 THEN greatest(on_hand_change, -held_change) ELSE 0 END) AS given_back
        FROM ledger
        WHERE merchant_id = :merchant_id AND product_id = :product_id AND location_id = :location_id
            AND grade_id = :grade_id AND seq > coalesce((SELECT seq FROM told), 0) AND hold_id IS NOT NULL
        GROUP BY hold_id
    ), was AS (
        SELECT quantity - back + coalesce(given_back, 0) AS units, coalesce(left_at <= :counted_at, false) AS had_left,
            CASE
                WHEN 'held' = ANY(reasons) THEN 'unknown'
                WHEN state IN ('open', 'released') OR 'sold' = ANY(reasons) THEN 'open'
                ELSE 'settled'
            END AS state
        FROM holds LEFT JOIN since ON since.hold_id = holds.id
        WHERE merchant_id = :merchant_id AND product_id = :product_id AND location_id = :location_id
            AND grade_id = :grade_id
    )
    SELECT coalesce((SELECT seq FROM told), 0), coalesce((SELECT on_hand FROM told), 0),
        coalesce(sum(units) FILTER (WHERE state = 'settled' AND NOT had_left), 0)
            - coalesce(sum(units) FILTER (WHERE state = 'open' AND had_left), 0)
    FROM was
    """
).bindparams(
    *(bindparam(n, type_=Uuid()) for n in ("merchant_id", "product_id", "location_id", "grade_id", "count_id"))
)


@dataclass(frozen=True, slots=True)
class SeenCell:
    """The figures of a live cell that a count remembers, in units."""

    seq: int
    on_hand: int
    unpicked: int


def seen(merchant_id: UUID, cell: CellKey, count: Count) -> SeenCell:
    """The figures of a cell when something was counted, though perhaps in another cell."""
    given = {
        "merchant_id": merchant_id,
        "product_id": cell[0],
        "location_id": cell[1],
        "grade_id": cell[2],
        "count_id": count.id,
        "counted_at": count.counted_at,
    }
    return SeenCell(*session().execute(_READ, given).one())
