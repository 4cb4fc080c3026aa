"""What came of levels that a shop was told: its 2xx for all of them, or its word about each."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from merchant_api.channels.faults import ShopOdd
from merchant_api.channels.shop_levels import (
    Acknowledged,
    ItemGone,
    ItemLater,
    ItemRef,
    ItemRefused,
    LevelOutcome,
    LevelWanted,
    Overtaken,
    Response,
)
from merchant_api.channels.wire import ShopAnswer

Told = Mapping[tuple[str, str | None], dict[str, Any]]
REFUSED = "The shop refuses this level, and does not say why."


def outcomes_of(wanted: Sequence[LevelWanted], answer: ShopAnswer) -> list[LevelOutcome]:
    """One for each; raises ShopOdd where the call as a whole was refused."""
    if not 200 <= answer.status < 300:
        raise ShopOdd(f"The shop refused a call with levels ({answer.status}).", answer.text, answer.status)
    told = by_item(_results(answer))
    return [_outcome(each, found_of(each.ref, told), answer) for each in wanted]


def by_item(rows: Sequence[Any]) -> Told:
    """What a shop says of its items, by id and, where it says one, by location."""
    return {(str(each.get("shop_id")), each.get("location")): each for each in rows if _is_of_an_item(each)}


def found_of(ref: ItemRef, told: Told) -> dict[str, Any] | None:
    """What it says of an item at its location, or of it everywhere."""
    return told.get((ref.shop_id, ref.location)) or told.get((ref.shop_id, None))


def _is_of_an_item(row: Any) -> bool:
    return isinstance(row, dict) and isinstance(row.get("location"), str | None)


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
