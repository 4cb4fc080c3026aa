"""A provider's secrets: sealed in its row, opened here only, and never shown.

Several signing secrets are good at once while one takes the other's place; each but the newest until an instant.
"""

import json
from datetime import datetime

from flask import current_app

from merchant_api.core import clock
from merchant_api.core.seal import Seal
from merchant_api.providers.models import PaymentProvider

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
    _close(provider, [(secret, None), *good][:MOST])


def api_key_of(provider: PaymentProvider) -> str | None:
    """The key of its API; raises Unsealable."""
    if provider.sealed_api_key is None:
        return None
    return _seal().open(provider.sealed_api_key, _place(provider, "api_key")).decode()


def put_api_key(provider: PaymentProvider, api_key: str | None) -> None:
    """Set or forget the key of its API."""
    place = _place(provider, "api_key")
    provider.sealed_api_key = None if api_key is None else _seal().close(api_key.encode(), place)


def forget(provider: PaymentProvider) -> None:
    """Forget everything that is secret."""
    provider.sealed_secrets = provider.sealed_api_key = None


def seal_anew(provider: PaymentProvider) -> int:
    """Seal what lies under an older key under the newest; gives how many values that were. Raises Unsealable."""
    turned = 0
    for name in ("secrets", "api_key"):
        sealed = getattr(provider, f"sealed_{name}")
        if sealed is not None and not _seal().is_newest(sealed):
            place = _place(provider, name)
            setattr(provider, f"sealed_{name}", _seal().close(_seal().open(sealed, place), place))
            turned += 1
    return turned


def _opened(provider: PaymentProvider) -> list[Dated]:
    if provider.sealed_secrets is None:
        return []
    clear = _seal().open(provider.sealed_secrets, _place(provider, "secrets"))
    return [(secret, until) for secret, until in json.loads(clear)]


def _close(provider: PaymentProvider, secrets: list[Dated]) -> None:
    provider.sealed_secrets = _seal().close(json.dumps(secrets).encode(), _place(provider, "secrets"))


def _place(provider: PaymentProvider, name: str) -> str:
    return f"payment_providers:{provider.merchant_id}:{provider.id}:{name}"


def _seal() -> Seal:
    seal: Seal = current_app.extensions["orderbell.seal"]
    return seal
