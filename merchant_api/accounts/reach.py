"""How far an actor reaches: nobody gives to others, or takes from them, what she may not do herself."""

from collections.abc import Iterable

from merchant_api.accounts.errors import AboveYou
from merchant_api.core.actor import Actor


def check_reach(touched: Iterable[str], actor: Actor) -> None:
    """Refuse what the actor does not hold at the merchant; raises AboveYou."""
    beyond = sorted(set(touched) - actor.permissions)
    if beyond:
        raise AboveYou(permissions=beyond)
