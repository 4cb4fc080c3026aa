"""The credentials of a channel: sealed in its row, opened where its shop is called, and shown to nobody."""

import json
from collections.abc import Mapping

from merchant_api.channels.models import Channel
from merchant_api.core.sealed_field import SealedField

CREDENTIALS = SealedField(Channel, "sealed_credentials")


def credentials_of(channel: Channel) -> dict[str, str]:
    """What was put; nothing where the channel has ended. Raises Unsealable."""
    clear = CREDENTIALS.read(channel)
    return {} if clear is None else {str(name): str(value) for name, value in json.loads(clear).items()}


def put_credentials(channel: Channel, credentials: Mapping[str, str]) -> None:
    """Seal them in the row, which has its key."""
    CREDENTIALS.put(channel, json.dumps(dict(credentials)).encode())
