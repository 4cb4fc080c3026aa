"""What came of levels that a shop was told: its 2xx for all of them, or its word about each."""

import json
from collections.abc import Sequence
from typing import Any

from merchant_api.channels.faults import ShopOdd
from merchant_api.channels.shop_levels import (
    Acknowledged,
    ItemGone,
    ItemLater,
    ItemRefused,
    LevelOutcome,
    LevelWanted,
    Overtaken,
    Response,
)
from merchant_api.channels.wire import ShopAnswer

REFUSED = "The shop refuses this level, and does not say why."


def outcomes_of(wanted: Sequence[LevelWanted], answer: ShopAnswer) -> list[LevelOutcome]:
    """One for each; raises ShopOdd where the call as a whole was refused."""
    if not 200 <= answer.status < 300:
        raise ShopOdd(f"The shop refused a call with levels ({answer.status}).", answer.text, answer.status)
    told = {str(each.get("shop_id")): each for each in _results(answer) if isinstance(each, dict)}
    return [_outcome(each, told.get(each.ref.shop_id), answer) for each in wanted]


def _results(answer: ShopAnswer) -> list[Any]:
    """What it says of each; a body that is none of ours, as "OK", says nothing."""
    try:
        said = json.loads(answer.body)
    except ValueError:
        return []
    results = said.get("results") if isinstance(said, dict) else None
    return results if isinstance(results, list) else []


def _outcome(wanted: LevelWanted, told: dict[str, Any] | None, answer: ShopAnswer) -> LevelOutcome:
    if told is None:
        return Acknowledged(wanted.ref, wanted.level, wanted.level, Response(answer.text, answer.status))
    response = Response(json.dumps(told), answer.status)
    why = str(told.get("why") or REFUSED)
    match told.get("state", "ok"):
        case "ok" if told.get("level", wanted.level) == wanted.level:
            return Acknowledged(wanted.ref, wanted.level, wanted.level, response)
        case "ok":
            return Overtaken(wanted.ref, response)
        case "gone":
            return ItemGone(wanted.ref, response)
        case "refused":
            return ItemRefused(wanted.ref, why, response)
    return ItemLater(wanted.ref, response)
