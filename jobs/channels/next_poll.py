"""When a channel is polled again: soon where it tells nothing by itself, at once where more was told meanwhile."""

from datetime import timedelta

from sqlalchemy import case

from merchant_api.channels import rounds
from merchant_api.channels.connector import Abilities
from merchant_api.channels.faults import ShopFault
from merchant_api.channels.levels import circuit
from merchant_api.channels.run_models import ChannelRound
from merchant_api.channels.sales import known
from merchant_api.channels.sales.hints import are_more_than, without_first
from merchant_api.core import clock

EVERY_S, EVERY_WITH_EVENTS_S = 15.0, 50.0


def after(row: ChannelRound, abilities: Abilities, *, is_done: bool) -> None:
    """The shop was read; what is not done is due at once."""
    now = clock.now()
    if known.is_up_to_polls(row.merchant_id, row.channel_id):
        circuit.reached(row.merchant_id, row.channel_id, now)
    number, every_s = len(row.hints), EVERY_WITH_EVENTS_S if abilities.hears_events else EVERY_S
    due_at = case((are_more_than(number), now), else_=now + timedelta(seconds=every_s if is_done else 0))
    rounds.record(row, lease_token=None, hints=without_first(number), due_at=due_at)


def after_fault(row: ChannelRound, fault: ShopFault) -> None:
    """It could not be asked: it is left alone for as long as its circuit says, at least for the usual."""
    now = clock.now()
    rest_s = circuit.failed(row.merchant_id, row.channel_id, fault, now)
    rounds.record(row, lease_token=None, due_at=now + timedelta(seconds=max(rest_s, EVERY_S)))
