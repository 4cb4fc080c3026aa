"""The channel whose orders are applied, as a value: a rollback takes nothing of it away."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts.models import Merchant
from merchant_api.channels.actor import actor_of
from merchant_api.channels.models import Channel
from merchant_api.channels.states import ChannelKind
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Source:
    """`currency` is the merchant's; `restores`: what the shop takes back is for sale here again."""

    merchant_id: UUID
    channel_id: UUID
    kind: ChannelKind
    name: str
    currency: str
    restores: bool
    actor: Actor


def source(merchant_id: UUID, channel_id: UUID) -> Source:
    """The channel of a merchant; raises NotFound, also for one that has ended."""
    rows = (
        select(Channel, Merchant.currency)
        .join(Merchant, Merchant.id == Channel.merchant_id)
        .where(Channel.merchant_id == merchant_id, Channel.id == channel_id, Channel.ended_at.is_(None))
    )
    found = session().execute(rows).one_or_none()
    if found is None:
        raise NotFound
    channel, currency = found
    return Source(
        merchant_id=merchant_id,
        channel_id=channel_id,
        kind=channel.kind,
        name=channel.name,
        currency=currency,
        restores=bool(channel.settings.get("restores_cancelled", True)),
        actor=actor_of(channel),
    )
