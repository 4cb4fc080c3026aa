"""The kinds of shops that can be connected here, as they are shown: what each wants, and what it can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from merchant_api.channels import connectors
from merchant_api.channels.connector import Abilities, CredentialField
from merchant_api.channels.states import ChannelKind

TITLES = {
    ChannelKind.WOOCOMMERCE: "WooCommerce",
    ChannelKind.SHOPIFY: "Shopify",
    ChannelKind.VENDURE: "Vendure",
    ChannelKind.MEDUSA: "Medusa",
    ChannelKind.WEBHOOK: "Any shop, by signed calls (Standard Webhooks)",
}


@dataclass(frozen=True, slots=True)
class OptionShown:
    """A setting of one kind alone, and what it is for."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class KindShown:
    """A kind of shop."""

    kind: ChannelKind
    title: str
    credentials: Sequence[CredentialField]
    options: Sequence[OptionShown]
    abilities: Mapping[str, bool | int]


def all_of_them() -> list[KindShown]:
    """The kinds that there is a connector for, in the order in which they are named."""
    return [_shown(kind, connectors.of(kind).abilities) for kind in connectors.kinds()]


def _shown(kind: ChannelKind, able: Abilities) -> KindShown:
    options = [OptionShown(name, title) for name, title in able.options.items()]
    abilities = {
        "has_orders": able.has_orders,
        "has_items": able.has_items,
        "has_locations": able.has_locations,
        "hears_events": able.hears_events,
        "compares": able.compares,
        "most_set": able.most_set,
        "calls_at_once": able.calls_at_once,
    }
    return KindShown(kind, TITLES[kind], list(able.credentials), options, abilities)
