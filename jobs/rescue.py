"""What was claimed again and again and never ended is given up, so that somebody sees it."""

from jobs.sweep import Duty, Tally, sweep
from merchant_api.core.log import log
from merchant_api.outbox import rescue
from merchant_api.outbox.models import Delivery, Event

NAME = "rescue"
DUTIES = (
    Duty(
        NAME,
        rescue.WornOut(Event),
        lambda merchant_id, ids, _: rescue.give_up_events(merchant_id, ids),
    ),
    Duty(
        NAME,
        rescue.WornOut(Delivery),
        lambda merchant_id, ids, _: rescue.give_up_deliveries(merchant_id, ids),
    ),
)
_log = log(__name__)


def run(*, limit: int = 100) -> Tally:
    """One sweep over events and one over deliveries."""
    tally = sweep(DUTIES[0], limit=limit) + sweep(DUTIES[1], limit=limit)
    if tally.done:
        _log.error("outbox.gave_up", rows=tally.done)
    return tally
