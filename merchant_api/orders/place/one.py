"""Place one order: from what a call asks for to an order or the answer that its key got before.

Everything that takes a single order comes in here: the call, a checked-out cart, and whoever is next.
"""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from merchant_api.core.actor import Actor
from merchant_api.core.answer import Answer, Answered
from merchant_api.core.errors import Refusal
from merchant_api.core.replay import Claim
from merchant_api.orders.place.call import OrderAsked, placement
from merchant_api.orders.place.place import or_replayed, place
from merchant_api.orders.place.placement import Around, Placed, Refused, Replayed, Result
from merchant_api.orders.view import OrderView


def place_one(
    merchant_id: UUID,
    asked: OrderAsked,
    actor: Actor,
    claim: Claim | None,
    render: Callable[[OrderView], Answer],
    around: Around | None = None,
) -> Placed | Replayed:
    """Place an order and render it, or give the answer that its key has; a refusal is raised.

    Refuses what `placement` and placing refuse. A key that was used gives its answer also where what the order names is
    gone by now. It opens its own transactions.
    """
    result: Result
    try:
        wanted = replace(placement(merchant_id, asked, actor, claim, render), around=around)
        result = place(merchant_id, [wanted])[0]
    except Refusal as refusal:
        result = or_replayed(Refused(refusal), claim)
    if isinstance(result, Refused):
        raise result.refusal
    return result


def answered(result: Placed | Replayed) -> Answered:
    """How a call that placed one order came out; the placement had something to render it."""
    if result.answer is None:
        raise AssertionError("placed without an answer")
    return Answered(result.answer, is_replayed=isinstance(result, Replayed))
