"""The actor that a channel is: what it sold and changed names it in ledgers and histories."""

from merchant_api.channels.models import Channel
from merchant_api.core.actor import Actor, Role


def actor_of(channel: Channel) -> Actor:
    """The channel, as an integration of its merchant."""
    return Actor(role=Role.INTEGRATION, id=f"channel:{channel.id}", name=channel.name, merchant_id=channel.merchant_id)
