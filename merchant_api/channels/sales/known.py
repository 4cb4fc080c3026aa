"""Sales as they are looked up: one, a page of them, and those that are to be read again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from merchant_api.channels.level_models import StackRecord
from merchant_api.channels.models import Channel
from merchant_api.channels.sale_models import Sale
from merchant_api.channels.states import ChannelState, LevelState, SaleState
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.paging import Page, Window, newest_first

GONE = "The shop does not have it any more: what was taken of it stands."


def sale(merchant_id: UUID, channel_id: UUID, external_id: str) -> Sale | None:
    """The sale of a channel by its id there."""
    rows = select(Sale).where(
        Sale.merchant_id == merchant_id, Sale.channel_id == channel_id, Sale.external_id == external_id
    )
    return session().execute(rows).scalar_one_or_none()


def page(merchant_id: UUID, channel_id: UUID, state: SaleState | None, at: Window) -> Page[Sale]:
    """A channel's sales, the newest first, also of one that has ended; raises NotFound for no channel."""
    if session().get(Channel, (merchant_id, channel_id)) is None:
        raise NotFound
    rows = select(Sale).where(Sale.merchant_id == merchant_id, Sale.channel_id == channel_id)
    if state is not None:
        rows = rows.where(Sale.state == state)
    return newest_first(rows, Sale.id, at)


def open_ids(merchant_id: UUID, channel_id: UUID, before: datetime, limit: int) -> list[str]:
    """The ids of sales that may change and were read before an instant, those read longest ago first."""
    rows = select(Sale.external_id).where(
        Sale.merchant_id == merchant_id, Sale.channel_id == channel_id, Sale.is_open, Sale.read_at < before
    )
    return list(session().execute(rows.order_by(Sale.read_at).limit(limit)).scalars())


def is_up_to_polls(merchant_id: UUID, channel_id: UUID) -> bool:
    """Whether the channel was not reached, and nothing waits for it whose sending would show that it is."""
    waits = (
        select(StackRecord.id)
        .where(StackRecord.merchant_id == merchant_id, StackRecord.channel_id == channel_id)
        .where(StackRecord.state == LevelState.PENDING)
        .exists()
    )
    rows = select(Channel.id).where(Channel.merchant_id == merchant_id, Channel.id == channel_id)
    found = rows.where((Channel.state == ChannelState.NEW) | ((Channel.failures > 0) & ~waits))
    return session().execute(found).scalar_one_or_none() is not None


def gone(merchant_id: UUID, channel_id: UUID, external_ids: set[str], read_at: datetime) -> None:
    """The shop has these no more: they are not asked for again."""
    rows = update(Sale).where(
        Sale.merchant_id == merchant_id,
        Sale.channel_id == channel_id,
        Sale.external_id.in_(sorted(external_ids)),
        Sale.read_at < read_at,
    )
    values = {"is_open": False, "read_at": read_at, "why": GONE}
    session().execute(rows.values(values).execution_options(synchronize_session=False))
