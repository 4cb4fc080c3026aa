"""The answer of a call that asks a shop while somebody waits, for endpoints that open their own transactions.

Under an idempotency key the first answer is kept, and given to who asks again; the shop is then not asked.
"""

from collections.abc import Callable
from typing import Any

from merchant_api.core import replay
from merchant_api.core.answer import Answer, Answered, Reply, rendered
from merchant_api.core.db import in_transaction
from merchant_api.core.replay import Claim
from merchant_api.core.schema import Out


def answered(claim: Claim | None, ask: Callable[[], Any], shape: type[Out]) -> Answered:
    """Ask, and answer in a shape; raises what `ask` refuses, and KeyReused."""
    if claim is None:
        return Answered(rendered(Reply(ask()), shape))
    stored = in_transaction(lambda: replay.find(claim))
    if stored is not None:
        return Answered(stored, is_replayed=True)
    made = rendered(Reply(ask()), shape)
    earlier = in_transaction(lambda: _kept(claim, made))
    return Answered(made) if earlier is None else Answered(earlier, is_replayed=True)


def _kept(claim: Claim, made: Answer) -> Answer | None:
    """Keep an answer, or give the one that a rival call has kept meanwhile."""
    stored = replay.take(claim)
    if stored is None:
        replay.keep(claim, made)
    return stored
