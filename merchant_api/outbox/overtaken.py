"""Pushes that a newer one overtook: the same device was sent something under the same tag since.

A message that waited for its next try must not take the place of what came after it.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from merchant_api.core.db import session
from merchant_api.outbox.models import Delivery, DeliveryState, Medium


def overtaken(deliveries: Sequence[Delivery]) -> set[UUID]:
    """The ids of those for which it is too late; one read over the deliveries of their orders."""
    if not deliveries:
        return set()
    newer = aliased(Delivery)
    merchants = {each.merchant_id for each in deliveries}
    late = (
        select(Delivery.id)
        .join(newer, (newer.merchant_id == Delivery.merchant_id) & (newer.order_id == Delivery.order_id))
        .where(Delivery.merchant_id.in_(merchants), Delivery.id.in_([each.id for each in deliveries]))
        .where(newer.merchant_id.in_(merchants), newer.id > Delivery.id, newer.state == DeliveryState.SENT)
        .where(newer.medium == Delivery.medium, newer.medium == Medium.PUSH)
        .where(newer.person_id == Delivery.person_id, newer.address_id == Delivery.address_id)
        .where(newer.message["tag"].astext == Delivery.message["tag"].astext)
    )
    return set(session().execute(late).scalars())
