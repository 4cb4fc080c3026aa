"""Sealing channels' secrets anew under the newest secret key, so that the older one can be taken away."""

from uuid import UUID

from sqlalchemy import select

from merchant_api.channels import sealed
from merchant_api.channels.models import Channel
from merchant_api.core.db import session
from merchant_api.core.sealed_field import Turned, turned


def turn_channels(merchant_id: UUID) -> Turned:
    """Seal the secrets of a merchant's channels under the newest key; at most 20 of them have any."""
    live = select(Channel).where(Channel.merchant_id == merchant_id, Channel.ended_at.is_(None))
    rows = session().execute(live.order_by(Channel.id).with_for_update(key_share=True)).scalars().all()
    return turned(rows, sealed.seal_anew)
