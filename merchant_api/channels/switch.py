"""The switches of synchronisation: rounds are made with a channel, and go while it and its merchant are both on."""

from typing import Any
from uuid import UUID

from sqlalchemy import not_, select, update

from merchant_api.accounts.models import Merchant
from merchant_api.channels.connector import Connector
from merchant_api.channels.models import Channel
from merchant_api.channels.run_models import ChannelRound
from merchant_api.channels.states import RoundKind
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id


def make_rounds(channel: Channel, of: Connector) -> None:
    """Make the rounds of a new channel; a kind that has no orders is not asked for any."""
    kinds = [RoundKind.LOOK, *([RoundKind.POLL] if of.abilities.has_orders else [])]
    plain = {"merchant_id": channel.merchant_id, "channel_id": channel.id, "is_on": False, "due_at": clock.now()}
    for kind in kinds:
        empty: dict[str, Any] = {"lease_token": None, "mark": {}, "hints": [], "read_until": None}
        session().add(ChannelRound(**plain, **empty, id=new_id(), kind=kind))
    session().flush()
    follow(channel.merchant_id, channel.id)


def at_once(merchant_id: UUID, channel_id: UUID, *, is_another: bool = False) -> None:
    """Let the rounds of a channel come now; of another shop than before nothing is known, and who is at it lets go."""
    forgets: dict[str, Any] = {"mark": {}, "hints": [], "read_until": None, "lease_token": None} if is_another else {}
    mine = update(ChannelRound).where(ChannelRound.merchant_id == merchant_id, ChannelRound.channel_id == channel_id)
    values = {"due_at": clock.now(), **forgets}
    session().execute(mine.values(**values).execution_options(synchronize_session=False))


def follow(merchant_id: UUID, channel_id: UUID | None = None) -> None:
    """Let the rounds of a channel, or of all of a merchant, go where both are synchronised, from now on, or rest."""
    both = (
        select(Channel.is_synchronised & Merchant.is_synchronised & Channel.ended_at.is_(None))
        .join(Merchant, Merchant.id == Channel.merchant_id)
        .where(Channel.merchant_id == merchant_id, Channel.id == ChannelRound.channel_id)
        .scalar_subquery()
    )
    switched = update(ChannelRound).where(ChannelRound.merchant_id == merchant_id, ChannelRound.is_on != both)
    if channel_id is not None:
        switched = switched.where(ChannelRound.channel_id == channel_id)
    turned = switched.values(is_on=not_(ChannelRound.is_on), due_at=clock.now())
    session().execute(turned.execution_options(synchronize_session=False))
