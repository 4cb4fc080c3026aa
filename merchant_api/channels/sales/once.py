"""The answer of a call that changes nothing when it is made again, kept under its idempotency key."""

from collections.abc import Callable
from functools import partial

from merchant_api.channels.sales.settle import SaleStands
from merchant_api.core import replay
from merchant_api.core.answer import Answer, Answered
from merchant_api.core.db import in_transaction
from merchant_api.core.replay import Claim


def once(claim: Claim | None, work: Callable[[], SaleStands], render: Callable[[SaleStands], Answer]) -> Answered:
    """Do it, and keep the first answer under the call's key."""
    stored = None if claim is None else in_transaction(partial(replay.find, claim))
    if stored is not None:
        return Answered(stored, is_replayed=True)
    answer = render(work())
    return Answered(answer) if claim is None else in_transaction(partial(_keep, claim, answer))


def _keep(claim: Claim, answer: Answer) -> Answered:
    first = replay.take(claim)
    if first is not None:
        return Answered(first, is_replayed=True)
    replay.keep(claim, answer)
    return Answered(answer)
