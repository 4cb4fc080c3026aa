"""A channel's secrets: sealed in its row, opened here only, and never shown."""

import json
import secrets
from collections.abc import Mapping

from merchant_api.channels.models import Channel
from merchant_api.core.sealed_field import SealedField

CREDENTIALS = SealedField(Channel, "sealed_credentials", word="credentials")
EVENT_SECRET = SealedField(Channel, "sealed_event_secret", word="event_secret")
SECRET_BYTES = 32


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


def new_event_secret(channel: Channel) -> str:
    """Make up what the shop shall sign its events with: letters and digits, which every shop takes as they are."""
    secret = secrets.token_hex(SECRET_BYTES)
    EVENT_SECRET.put(channel, secret.encode())
    return secret


def forget(channel: Channel) -> None:
    """Forget everything that is secret."""
    channel.sealed_credentials = channel.sealed_event_secret = None


def seal_anew(channel: Channel) -> int:
    """Seal what lies under an older key under the newest; gives how many values that were. Raises Unsealable."""
    return CREDENTIALS.turn(channel) + EVENT_SECRET.turn(channel)
