"""A merchant's channels that have not ended: one, one under its lock, or a page of them."""

from uuid import UUID

from sqlalchemy import Select, select

from merchant_api.channels.models import Channel
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.paging import Page, Window, newest_first


def page(merchant_id: UUID, at: Window) -> Page[Channel]:
    """A merchant's channels that have not ended, newest first."""
    rows = select(Channel).where(Channel.merchant_id == merchant_id, Channel.ended_at.is_(None))
    return newest_first(rows, Channel.id, at)


def one(merchant_id: UUID, channel_id: UUID) -> Channel:
    """One channel that has not ended; raises NotFound."""
    return _found(_live(merchant_id, channel_id))


def locked(merchant_id: UUID, channel_id: UUID) -> Channel:
    """The same, as it is now, until the transaction ends; listings and orders go on meanwhile. Raises NotFound."""
    return _found(_live(merchant_id, channel_id).with_for_update(key_share=True))


def _live(merchant_id: UUID, channel_id: UUID) -> Select[Channel]:
    return select(Channel).where(
        Channel.merchant_id == merchant_id, Channel.id == channel_id, Channel.ended_at.is_(None)
    )


def _found(statement: Select[Channel]) -> Channel:
    row = session().execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row
