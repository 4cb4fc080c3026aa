"""The provider behind a kind, imported when one of that kind is first used: Stripe's library takes 17 MiB and 0.3 s."""

from functools import cache
from importlib import import_module

from merchant_api.providers.provider import Provider
from merchant_api.providers.states import ProviderKind

_MODULES = {
    ProviderKind.STRIPE: "merchant_api.providers.stripe_kind",
    ProviderKind.WEBHOOK: "merchant_api.providers.webhook_kind",
}


@cache
def of(kind: ProviderKind) -> Provider:
    """What providers of a kind can do."""
    provider: Provider = import_module(_MODULES[kind]).PROVIDER
    return provider
