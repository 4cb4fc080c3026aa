"""Which channel is the primary one, whose first import gives products and stock: one of a merchant, or none.

Until its import was started another may take its place. Called under the merchant's lock, so that two who make theirs
the primary one come one after the other.
"""

from uuid import UUID

from sqlalchemy import select

from merchant_api.channels.errors import PrimaryFixed
from merchant_api.channels.models import Channel
from merchant_api.channels.run_models import ChannelRun
from merchant_api.channels.states import RunKind
from merchant_api.core.db import session


def put(row: Channel, *, is_primary: bool) -> None:
    """Make a channel the primary one, in place of the one that is, or let it be none; raises PrimaryFixed."""
    if row.is_primary == is_primary:
        return
    present = row if row.is_primary else _present(row.merchant_id)
    if present is not None:
        if _import_was_started(present):
            raise PrimaryFixed(channel_id=str(present.id))
        present.is_primary = False
        session().flush()  # before another is: the database keeps that there is one
    row.is_primary = is_primary
    session().flush()


def _present(merchant_id: UUID) -> Channel | None:
    one = select(Channel).where(Channel.merchant_id == merchant_id, Channel.is_primary, Channel.ended_at.is_(None))
    return session().execute(one.execution_options(populate_existing=True)).scalar_one_or_none()


def _import_was_started(row: Channel) -> bool:
    runs = select(ChannelRun.id).where(
        ChannelRun.merchant_id == row.merchant_id,
        ChannelRun.channel_id == row.id,
        ChannelRun.kind == RunKind.IMPORT,
    )
    return session().execute(runs.limit(1)).scalar_one_or_none() is not None
