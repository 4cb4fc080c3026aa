"""A provider's secrets: sealed in its row, opened here only, and never shown.

Several signing secrets are good at once while one takes the other's place; each but the newest until an instant.
"""

import json
from datetime import datetime

from merchant_api.core import clock
from merchant_api.core.sealed_field import SealedField
from merchant_api.providers.models import PaymentProvider

SECRETS = SealedField(PaymentProvider, "sealed_secrets", word="secrets")
API_KEY = SealedField(PaymentProvider, "sealed_api_key", word="api_key")
MOST = 5
Dated = tuple[str, float | None]  # a secret, and until when it is good (seconds since 1970)


def secrets_of(provider: PaymentProvider, now: datetime) -> list[str]:
    """The signing secrets that are good now, the newest first; raises Unsealable."""
    return [secret for secret, until in _opened(provider) if until is None or now.timestamp() < until]


def put_secret(provider: PaymentProvider, secret: str, old_valid_for_s: int) -> None:
    """Make a secret the newest; those before it stay good for some seconds more, and no longer than they were."""
    now = clock.now().timestamp()
    end = now + old_valid_for_s
    kept = [(old, min(until or end, end)) for old, until in _opened(provider) if old != secret]
    good = [(old, until) for old, until in kept if until > now]
    SECRETS.put(provider, json.dumps([(secret, None), *good][:MOST]).encode())


def api_key_of(provider: PaymentProvider) -> str | None:
    """The key of its API; raises Unsealable."""
    clear = API_KEY.read(provider)
    return None if clear is None else clear.decode()


def put_api_key(provider: PaymentProvider, api_key: str | None) -> None:
    """Set or forget the key of its API."""
    API_KEY.put(provider, None if api_key is None else api_key.encode())


def forget(provider: PaymentProvider) -> None:
    """Forget everything that is secret."""
    provider.sealed_secrets = provider.sealed_api_key = None


def seal_anew(provider: PaymentProvider) -> int:
    """Seal what lies under an older key under the newest; gives how many values that were. Raises Unsealable."""
    return SECRETS.turn(provider) + API_KEY.turn(provider)


def _opened(provider: PaymentProvider) -> list[Dated]:
    clear = SECRETS.read(provider)
    return [] if clear is None else [(secret, until) for secret, until in json.loads(clear)]
