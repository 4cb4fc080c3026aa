"""Pushes of one tag to one device come in the order of what happened: the newest is what stays on the screen.

A message that waited for its next try must not take the place of what came after it, and none sets out while an older
one is due or on its way, in this process or another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, cast, not_, or_, select
from sqlalchemy.orm import aliased

from merchant_api.core.db import session
from merchant_api.outbox.models import Delivery, DeliveryState, Medium


@dataclass(frozen=True, slots=True)
class Beside:
    """Ids of deliveries for which it is too late, as something newer was sent, and of those that must wait.

    They wait for something older that is leased, or is due and no less urgent; what waits for its next try keeps nobody
    waiting.
    """

    overtaken: frozenset[UUID]
    behind: frozenset[UUID]


def beside(deliveries: Sequence[Delivery], at: datetime) -> Beside:
    """One read over the deliveries of their orders, of the same tag at the same device."""
    other = aliased(Delivery)
    merchants = {each.merchant_id for each in deliveries}
    ids = cast([each.id for each in deliveries], ARRAY(Uuid))
    is_newer = and_(other.id > Delivery.id, other.state == DeliveryState.SENT)
    is_due = and_(other.due_at <= at, or_(other.is_urgent, not_(Delivery.is_urgent)))
    is_near = and_(other.state == DeliveryState.PENDING, or_(is_due, other.lease_token.is_not(None)))
    found = (
        select(Delivery.id, (other.id > Delivery.id).label("is_newer"))
        .join(other, (other.merchant_id == Delivery.merchant_id) & (other.order_id == Delivery.order_id))
        .where(Delivery.merchant_id.in_(merchants), Delivery.id == any_(ids))
        .where(other.merchant_id.in_(merchants), or_(is_newer, and_(other.id < Delivery.id, is_near)))
        .where(other.medium == Delivery.medium, other.medium == Medium.PUSH)
        .where(other.person_id == Delivery.person_id, other.address_id == Delivery.address_id)
        .where(other.message["tag"].astext == Delivery.message["tag"].astext)
    )
    rows = session().execute(found).all() if deliveries else []
    overtaken = frozenset(row.id for row in rows if row.is_newer)
    return Beside(overtaken, frozenset(row.id for row in rows) - overtaken)
