"""A channel's secrets: sealed in its row, opened here only, and never shown."""

import json
from collections.abc import Mapping

from merchant_api.channels.models import Channel
from merchant_api.core.sealed_field import SealedField

CREDENTIALS = SealedField(Channel, "sealed_credentials", word="credentials")
EVENT_SECRET = SealedField(Channel, "sealed_event_secret", word="event_secret")


def credentials_of(channel: Channel) -> dict[str, str]:
    """What we sign in to the shop with, by the names of its kind; raises Unsealable."""
    clear = CREDENTIALS.read(channel)
    return {} if clear is None else json.loads(clear)


def put_credentials(channel: Channel, credentials: Mapping[str, str]) -> None:
    """Set what we sign in with."""
    CREDENTIALS.put(channel, json.dumps(dict(credentials)).encode())


def event_secret_of(channel: Channel) -> str | None:
    """What the shop signs its events with, where we ordered them; raises Unsealable."""
    clear = EVENT_SECRET.read(channel)
    return None if clear is None else clear.decode()
