"""The levels that the shops of a merchant shall sell of their listings, as they are at this moment.

What is available is what the feeding locations have, and never more than all locations have together: units that are
promised elsewhere before they came in can't be sold twice. A product that is not published sells nothing. A listing
is live if its level is to be sent: neither paused nor of a channel or merchant that is not synchronised, and tracked.
Of a listing whose orders came in since its acknowledgement it is unsure what the shop sells: a level that crossed a
sale may have wiped the shop's own decrement. What is adrift waits for a decision, so that the shop's figure is not
overwritten unseen; but a zero goes out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, text

from merchant_api.channels.rules import LEVEL_SQL, STEPS_SQL
from merchant_api.core.db import session

# A part of a WITH clause; takes merchant_id, and channel_id and product_ids, each of which may be NULL for all.
SHOWN_SQL = f"""shown AS (
    SELECT listings.channel_id, listings.product_id, {LEVEL_SQL} AS level,
        listings.acknowledged - (listings.sold - listings.sold_then) AS expected,
        listings.fault IS NOT NULL AS is_faulty, listings.sold <> listings.sold_then AS is_unsure,
        products.is_tracked AND NOT listings.is_paused AND channels.is_synchronised AND channels.ended_at IS NULL
            AND merchants.is_synchronised AND (listings.drift_since IS NULL OR {LEVEL_SQL} = 0) AS is_live
    FROM listings
    JOIN channels ON channels.merchant_id = listings.merchant_id AND channels.id = listings.channel_id
    JOIN products ON products.merchant_id = listings.merchant_id AND products.id = listings.product_id
    JOIN merchants ON merchants.id = listings.merchant_id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(cells.on_hand - cells.held), 0) AS everywhere,
            coalesce(sum(cells.on_hand - cells.held) FILTER (
                WHERE coalesce(jsonb_array_length(nullif(channels.settings -> 'locations', 'null')), 0) = 0
                    OR jsonb_exists(channels.settings -> 'locations', CAST(cells.location_id AS text))
                    OR jsonb_exists(channels.settings -> 'locations', (
                        SELECT locations.name FROM locations
                        WHERE locations.merchant_id = cells.merchant_id AND locations.id = cells.location_id))
            ), 0) AS feeding
        FROM cells WHERE cells.merchant_id = listings.merchant_id AND cells.product_id = listings.product_id
    ) AS sums
    CROSS JOIN LATERAL (
        SELECT CAST(CASE WHEN products.status = 'published' THEN greatest(least(sums.feeding, sums.everywhere), 0)
            ELSE 0 END AS bigint) AS free
    ) AS stock {STEPS_SQL}
    WHERE listings.merchant_id = :merchant_id
        AND (CAST(:channel_id AS uuid) IS NULL OR listings.channel_id = CAST(:channel_id AS uuid))
        AND (CAST(:product_ids AS uuid[]) IS NULL OR listings.product_id = ANY(CAST(:product_ids AS uuid[]))))"""  # noqa: S608 - our own constants
PARAMETERS = (
    bindparam("merchant_id", type_=Uuid()),
    bindparam("channel_id", type_=Uuid()),
    bindparam("product_ids", type_=ARRAY(Uuid)),
)
_READ = text(
    f"WITH {SHOWN_SQL} SELECT channel_id, product_id, level, expected, is_live FROM shown"  # noqa: S608 - our own words
).bindparams(*PARAMETERS)


@dataclass(frozen=True, slots=True)
class ShownLevel:
    """What a shop shall sell of a listing, what it should sell by what we know, and whether it is told at all."""

    channel_id: UUID
    product_id: UUID
    level: int
    expected: int | None
    is_live: bool


def levels(
    merchant_id: UUID, *, channel_id: UUID | None = None, product_ids: Sequence[UUID] | None = None
) -> list[ShownLevel]:
    """The levels of all listings of the merchant, of one channel, of some products."""
    rows = session().execute(_READ, given(merchant_id, channel_id, product_ids))
    return [ShownLevel(*row) for row in rows]


def given(merchant_id: UUID, channel_id: UUID | None, product_ids: Sequence[UUID] | None) -> Mapping[str, Any]:
    """The parameters of SHOWN_SQL."""
    some = None if product_ids is None else list(product_ids)
    return {"merchant_id": merchant_id, "channel_id": channel_id, "product_ids": some}
