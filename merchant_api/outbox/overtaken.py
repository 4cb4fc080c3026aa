"""Pushes of one tag to one device come in the order of what happened: the newest is what stays on the screen.

A message that waited for its next try must not take the place of what came after it, and none sets out while an older
one is due or on its way, in this process or another.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, cast, not_, or_, select
from sqlalchemy.orm import aliased

from merchant_api.core.db import session
from merchant_api.outbox.models import Delivery, DeliveryState, Medium


def overtaken(deliveries: Sequence[Delivery]) -> set[UUID]:
    """The ids of those for which it is too late: something newer was sent. One read over their orders' deliveries."""
    return _beside(deliveries, lambda other: and_(other.id > Delivery.id, other.state == DeliveryState.SENT))


def behind_older(deliveries: Sequence[Delivery], at: datetime) -> set[UUID]:
    """The ids of those that must wait: something older is leased, or due and no less urgent.

    What waits for its next try keeps nobody.
    """

    def is_ahead(other: type[Delivery]) -> ColumnElement[bool]:
        is_due = and_(other.due_at <= at, or_(other.is_urgent, not_(Delivery.is_urgent)))
        is_older = and_(other.id < Delivery.id, other.state == DeliveryState.PENDING)
        return and_(is_older, or_(is_due, other.lease_token.is_not(None)))

    return _beside(deliveries, is_ahead)


def _beside(deliveries: Sequence[Delivery], is_so: Callable[[type[Delivery]], ColumnElement[bool]]) -> set[UUID]:
    """The ids of those beside which, under their tag at their device, there is another delivery of which it is so."""
    if not deliveries:
        return set()
    other = aliased(Delivery)
    ids = cast([each.id for each in deliveries], ARRAY(Uuid))
    merchants = {each.merchant_id for each in deliveries}
    found = (
        select(Delivery.id)
        .join(other, (other.merchant_id == Delivery.merchant_id) & (other.order_id == Delivery.order_id))
        .where(Delivery.merchant_id.in_(merchants), Delivery.id == any_(ids))
        .where(other.merchant_id.in_(merchants), is_so(other))
        .where(other.medium == Delivery.medium, other.medium == Medium.PUSH)
        .where(other.person_id == Delivery.person_id, other.address_id == Delivery.address_id)
        .where(other.message["tag"].astext == Delivery.message["tag"].astext)
    )
    return set(session().execute(found).scalars())
