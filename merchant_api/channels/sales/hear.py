"""A signed event of a shop: whole orders are applied at once, ids are read by the next poll, which comes now.

Whoever is not known learns nothing: an unknown channel, one that has ended, and a wrong signature are answered alike.
What was signed and can't be read is no reason to refuse it: the poll looks at the shop itself.
"""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from merchant_api.channels import connectors
from merchant_api.channels.faults import BadShopSignature, ShopFault
from merchant_api.channels.models import Channel
from merchant_api.channels.sales.apply import apply
from merchant_api.channels.sales.errors import NotTheShop
from merchant_api.channels.sales.hints import hint
from merchant_api.channels.sales.reading import Reading
from merchant_api.channels.sales.source import Source, source
from merchant_api.channels.shop_orders import Heard
from merchant_api.channels.signing import signing_secret_of
from merchant_api.channels.states import ChannelKind
from merchant_api.channels.told import readable
from merchant_api.core import clock, tenancy
from merchant_api.core.db import in_transaction, session
from merchant_api.core.endpoint import Incoming
from merchant_api.core.log import log
from merchant_api.core.seal import Unsealable

_log = log(__name__)


@dataclass(frozen=True, slots=True)
class Ear:
    """Whose events are heard, and by what they are signed."""

    source: Source
    kind: ChannelKind
    secret: str


def hear(merchant_id: UUID, channel_id: UUID, incoming: Incoming) -> int:
    """Take an event; gives how many orders it told of. Raises NotTheShop. Opens its transactions."""
    whose = tenancy.of(merchant_id)
    ear = in_transaction(partial(_ear, merchant_id, channel_id), whose)
    now = clock.now()
    try:
        heard = connectors.of(ear.kind).hear(incoming, ear.secret, now)
    except BadShopSignature as error:
        raise NotTheShop from error
    except ShopFault as fault:
        _log.warning("channel.event_unread", channel=str(channel_id), error=type(fault).__name__)
        heard = None
    if heard is not None:
        told_at = min(now, heard.told_at or now)
        for order in heard.orders:
            apply(Reading(ear.source, order, told_at))
    in_transaction(partial(_note, ear.source, heard), whose)
    return 0 if heard is None else len(heard.orders) + len(heard.order_ids)


def _ear(merchant_id: UUID, channel_id: UUID) -> Ear:
    channel = session().get(Channel, (merchant_id, channel_id))
    if channel is None or channel.ended_at is not None:
        raise NotTheShop
    try:
        secret = signing_secret_of(channel)
    except Unsealable as error:
        _log.error("channel.unsealable", channel=str(channel_id))
        raise NotTheShop from error
    if secret is None:
        raise NotTheShop
    return Ear(source(merchant_id, channel_id), channel.kind, secret)


def _note(asked: Source, heard: Heard | None) -> None:
    """The poll comes for what is to be read; people are told what the shop told of itself. A ping says nothing."""
    if heard is None or heard.order_ids:
        hint(asked.merchant_id, asked.channel_id, () if heard is None else heard.order_ids)
    if heard is not None and heard.why is not None:
        channel = session().get_one(Channel, (asked.merchant_id, asked.channel_id))
        channel.why = readable(heard.why)
