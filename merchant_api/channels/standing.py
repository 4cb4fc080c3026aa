"""Where a channel stands after its shop was asked by hand: reached, not reached, or another shop than before.

Its people hear once that it fails, and once that it is back, as where the jobs find it out.
"""

from datetime import datetime, timedelta

from sqlalchemy import update

from merchant_api.channels.faults import ShopBusy, ShopDenies, ShopFault
from merchant_api.channels.level_models import StackRecord
from merchant_api.channels.models import Channel
from merchant_api.channels.states import ChannelState, LevelState
from merchant_api.channels.told import readable
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.outbox.record import Happening, record

FAILING, READY = "channel.failing", "channel.ready"
AGAIN_S, DENIED_S = 30, 600


def reached(row: Channel, why: str | None) -> None:
    """It answered: what waits goes out at once. `why` is what is in the way all the same."""
    if row.state is ChannelState.FAILING:
        tell(row, READY)
    at_rest(row, ChannelState.READY, why)
    wake(row, clock.now())


def wake(row: Channel, at: datetime) -> None:
    """What waits for it, and is not on its way, is due at an instant."""
    waits = update(StackRecord).where(
        StackRecord.merchant_id == row.merchant_id,
        StackRecord.channel_id == row.id,
        StackRecord.state == LevelState.PENDING,
        StackRecord.lease_token.is_(None),
        StackRecord.due_at > at,
    )
    session().execute(waits.values(due_at=at).execution_options(synchronize_session=False))


def not_reached(row: Channel, fault: ShopFault) -> None:
    """It did not, or denied us: it is tried again by itself. One that asks for patience stands as it stood."""
    if isinstance(fault, ShopBusy):
        return
    row.why = readable(str(fault))
    if row.state is ChannelState.READY:  # who connects a new one is looking
        tell(row, FAILING)
    now = clock.now()
    row.state = ChannelState.FAILING
    row.failures += 1
    row.failing_since = row.failing_since or now
    row.retry_at = now + timedelta(seconds=DENIED_S if isinstance(fault, ShopDenies) else AGAIN_S)


def is_another(row: Channel) -> None:
    """It has another address: nobody knows yet who answers there."""
    at_rest(row, ChannelState.NEW, None)


def rests(row: Channel) -> None:
    """It has ended, and is not tried any more."""
    at_rest(row, ChannelState.READY if row.state is ChannelState.FAILING else row.state, None)


def try_at_once(row: Channel) -> None:
    """Somebody changed what may have been wrong: a failing one is tried now."""
    row.retry_at = clock.now() if row.state is ChannelState.FAILING else None


def at_rest(row: Channel, state: ChannelState, why: str | None) -> None:
    """It does not fail, or not any more."""
    row.state, row.why = state, why
    row.failures, row.failing_since, row.retry_at = 0, None, None


def tell(row: Channel, event_type: str) -> None:
    """Its people hear of it."""
    payload = {"channel_id": str(row.id), "channel_name": row.name}
    record(Happening(row.merchant_id, event_type, None, payload))
