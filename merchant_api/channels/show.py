"""A channel as it is shown: where it stands, how much waits for it and for how long, and never a secret."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from merchant_api.accounts.models import Merchant
from merchant_api.channels import channel_settings
from merchant_api.channels.level_models import StackRecord
from merchant_api.channels.models import Channel
from merchant_api.channels.signing import event_path
from merchant_api.channels.states import LevelState
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.paging import Page
from merchant_api.stock import places

OFF = "off"


@dataclass(frozen=True, slots=True)
class ChannelView:
    """A channel and what surrounds it; `lag_s` is for how long its shop has been behind."""

    row: Channel
    state: str
    waiting: int
    lag_s: float
    settings: Mapping[str, Any]

    @property
    def path(self) -> str:
        """Where its shop sends its events."""
        return event_path(self.row)


def view(row: Channel) -> ChannelView:
    """How a channel is shown."""
    return views(row.merchant_id, [row])[0]


def page(merchant_id: UUID, of: Page[Channel]) -> Page[ChannelView]:
    """How a page of channels is shown."""
    return Page(views(merchant_id, of.items), of.next)


def views(merchant_id: UUID, rows: Sequence[Channel]) -> list[ChannelView]:
    """How channels are shown: three reads, however many they are."""
    if not rows:
        return []
    waiting, names = _waiting(merchant_id), places.names(merchant_id)
    switch = select(Merchant.is_synchronised).where(Merchant.id == merchant_id)
    is_on = session().execute(switch).scalar_one()
    return [
        ChannelView(
            row,
            row.state.value if is_on and row.is_synchronised else OFF,
            *waiting.get(row.id, (0, 0.0)),
            channel_settings.shown(row.settings, names),
        )
        for row in rows
    ]


def _waiting(merchant_id: UUID) -> dict[UUID, tuple[int, float]]:
    now = clock.now()
    rows = (
        select(StackRecord.channel_id, func.count(), func.min(StackRecord.since))
        .where(StackRecord.merchant_id == merchant_id, StackRecord.state == LevelState.PENDING)
        .group_by(StackRecord.channel_id)
    )
    return {
        channel_id: (number, round(max(0.0, (now - since).total_seconds()), 3))
        for channel_id, number, since in session().execute(rows)
    }
