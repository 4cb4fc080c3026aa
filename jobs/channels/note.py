"""What changed in stock is gathered, and the newest levels of all listings that it touched go onto the web stack.

One transaction a batch of a merchant: either the events are done and the levels wait for their channels, or neither.
Levels are read after the events were taken, so nothing that they tell is missing in them.
"""

from uuid import UUID

from jobs import wake
from jobs.sweep import Duty, Tally, sweep
from merchant_api.channels.mark import mark
from merchant_api.core.actor import Actor
from merchant_api.outbox import noted

NAME = "note_levels"
EVENTS_AT_ONCE = 200


def run(*, limit: int = EVENTS_AT_ONCE) -> Tally:
    """Gather what is noted, at most `limit` events of a merchant at a time; wakes who sends levels."""
    tally = sweep(Duty(NAME, noted.DUE, _note), limit=limit)
    if tally.done:
        wake.levels.set()
    return tally


def _note(merchant_id: UUID, ids: list[UUID], _actor: Actor) -> int:
    events = noted.gather(merchant_id, ids)
    products = {UUID(product_id) for event in events for product_id in event.payload["product_ids"]}
    if products:
        mark(merchant_id, product_ids=sorted(products))
    return len(events)
