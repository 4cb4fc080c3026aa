"""What a shop signs its events with: a credential of its kind, where it has such a one, else what we made up for it.

Kinds whose events are signed with a credential name it by one of these words.
"""

from merchant_api.channels import sealed
from merchant_api.channels.models import Channel

SIGNING = ("event_secret", "client_secret", "api_secret")


def signing_secret_of(channel: Channel) -> str | None:
    """The secret, or None where events were never ordered; raises Unsealable."""
    credentials = sealed.credentials_of(channel)
    named = next((credentials[name] for name in SIGNING if credentials.get(name)), None)
    return named or sealed.event_secret_of(channel)
