"""What became worse since the customer looked: pure. What became better is taken as it is.

Verdicts rank covered, backorder, ask, refuse: units that are there, units that will come, a merchant's word, nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from merchant_api.core.money import Money
from merchant_api.orders.states import Verdict
from merchant_api.shop.errors import WrongCurrency

RANKS = {Verdict.COVERED: 0, Verdict.BACKORDER: 1, Verdict.ASK: 2, Verdict.REFUSE: 3}


@dataclass(frozen=True, slots=True)
class SeenLine:
    """The verdict of a line as it was shown."""

    product_id: UUID
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class SeenCart:
    """A cart as it was shown: the total, and the verdict of every line."""

    total: Money
    lines: Sequence[SeenLine]


def worse(seen: SeenCart, total: Money, verdicts: Mapping[UUID, Verdict]) -> list[dict[str, Any]]:
    """Each difference for the worse, or none; lines that only one side knows are differences.

    Raises WrongCurrency.
    """
    if seen.total.currency != total.currency:
        raise WrongCurrency(currency=total.currency)
    known = {line.product_id: line.verdict for line in seen.lines}
    found = [
        _difference("verdict", known.get(product_id), verdicts.get(product_id)) | {"product_id": str(product_id)}
        for product_id in [*known, *(each for each in verdicts if each not in known)]
        if _is_worse(known.get(product_id), verdicts.get(product_id))
    ]
    if total.amount > seen.total.amount:
        found.append(_difference("total", _plain(seen.total), _plain(total)))
    return found


def _is_worse(seen: Verdict | None, now: Verdict | None) -> bool:
    return seen is None or now is None or RANKS[now] > RANKS[seen]


def _difference(what: str, seen: object, now: object) -> dict[str, Any]:
    return {"what": what, "seen": seen, "now": now}


def _plain(money: Money) -> dict[str, Any]:
    return {"amount": money.amount, "currency": money.currency}
