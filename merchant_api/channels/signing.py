"""What a shop signs its events with, and where it is to send them.

Kinds whose shops sign with a credential name it (`Abilities.signs_with`); for all others we make a secret up.
"""

from dataclasses import dataclass, field

from merchant_api.channels import connectors, sealed
from merchant_api.channels.models import Channel
from merchant_api.core.installed import settings


@dataclass(frozen=True, slots=True)
class EventOrder:
    """What a shop is asked to send its events with."""

    url: str
    secret: str = field(repr=False)


def event_path(channel: Channel) -> str:
    """Where the shop sends its events, below our address."""
    return f"/v1/channel-events/{channel.merchant_id}/{channel.id}"


def signing_secret_of(channel: Channel) -> str | None:
    """The secret, or None where there is none yet; raises Unsealable."""
    named = connectors.of(channel.kind).abilities.signs_with
    if named is not None:
        return sealed.credentials_of(channel).get(named)
    return sealed.event_secret_of(channel)


def event_order(channel: Channel, *, is_first: bool = True) -> EventOrder | None:
    """What the shop is asked for; None where it sends none, or nobody told us our own address.

    `is_first`: of a locked channel, which gets a secret where it has none yet; else only what was ordered before.
    """
    abilities, public_url = connectors.of(channel.kind).abilities, settings().public_url
    if not abilities.hears_events or not public_url:
        return None
    secret = signing_secret_of(channel)
    if secret is None and is_first and abilities.signs_with is None:
        secret = sealed.new_event_secret(channel)
    return None if secret is None else EventOrder(public_url + event_path(channel), secret)
