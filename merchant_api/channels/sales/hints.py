"""What a shop's events told to look at: ids that the channel's next poll reads, which is due then.

A poll that is on its way is left alone: it finds at its end that more was told, and is due again at once.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import case, cast, func, update
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.sql import ColumnElement

from merchant_api.channels.run_models import ChannelRound
from merchant_api.channels.states import RoundKind
from merchant_api.core import clock
from merchant_api.core.db import session

MOST_HINTS = 1000  # beyond that the shop's feed tells of them


def hint(merchant_id: UUID, channel_id: UUID, external_ids: Sequence[str]) -> None:
    """Let the channel's poll come now, and read these orders."""
    now, has_room = clock.now(), func.jsonb_array_length(ChannelRound.hints) < MOST_HINTS
    told = ChannelRound.hints.op("||")(cast(list(external_ids)[:MOST_HINTS], JSONB))
    rows = update(ChannelRound).where(
        ChannelRound.merchant_id == merchant_id,
        ChannelRound.channel_id == channel_id,
        ChannelRound.kind == RoundKind.POLL,
    )
    due_at = case((ChannelRound.lease_token.is_(None), func.least(ChannelRound.due_at, now)), else_=ChannelRound.due_at)
    values = {"hints": case((has_room, told), else_=ChannelRound.hints), "due_at": due_at}
    session().execute(rows.values(values).execution_options(synchronize_session=False))


def without_first(number: int) -> ColumnElement[list[str]]:
    """The hints without those that were read; new ones stand behind them."""
    return func.jsonb_path_query_array(ChannelRound.hints, cast(f"$[{number} to last]", JSONPATH))


def are_more_than(number: int) -> ColumnElement[bool]:
    """Whether more was told meanwhile."""
    return func.jsonb_array_length(ChannelRound.hints) > number
