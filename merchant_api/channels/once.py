"""The answer of a call that opens its own transactions, because it asks a shop or places orders.

Under an idempotency key the first answer is kept, and given to who asks again; the work is then not done.
"""

from collections.abc import Callable
from typing import Any

from merchant_api.core import replay
from merchant_api.core.answer import Answer, Answered, Reply, rendered
from merchant_api.core.db import in_transaction
from merchant_api.core.replay import Claim
from merchant_api.core.schema import Out


def once(claim: Claim | None, work: Callable[[], Answer]) -> Answered:
    """Do it, and keep the first answer under the call's key; raises what `work` refuses, and KeyReused."""
    if claim is None:
        return Answered(work())
    stored = in_transaction(lambda: replay.find(claim))
    if stored is not None:
        return Answered(stored, is_replayed=True)
    made = work()
    earlier = in_transaction(lambda: _kept(claim, made))
    return Answered(made) if earlier is None else Answered(earlier, is_replayed=True)


def answered(claim: Claim | None, ask: Callable[[], Any], shape: type[Out]) -> Answered:
    """The same, of what is answered in a shape."""
    return once(claim, lambda: rendered(Reply(ask()), shape))


def _kept(claim: Claim, made: Answer) -> Answer | None:
    """Keep an answer, or give the one that a rival call has kept meanwhile."""
    stored = replay.take(claim)
    if stored is None:
        replay.keep(claim, made)
    return stored
