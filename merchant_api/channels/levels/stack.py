"""The web stack as people see it, and what they do with it by hand: retry, hold, skip, one record or all.

A record that is on its way may be held, and stays so unless it arrives; it can't be skipped, as nobody knows yet what
the shop makes of it. What was skipped is sent again with the next change of its stock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select, update

from merchant_api.catalog.models import Product
from merchant_api.channels.level_models import StackRecord
from merchant_api.channels.levels import lag
from merchant_api.channels.levels.errors import LevelEnded, LevelOnItsWay, NoSuchLevel
from merchant_api.channels.states import LevelState
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.paging import Window, cut, newest

OPEN = (LevelState.PENDING, LevelState.HELD)


class ShownState(StrEnum):
    """Where a record stands, as it is shown."""

    WAITING = "waiting"
    SENDING = "sending"
    FAILING = "failing"  # it waits for another try
    HELD = "held"
    DONE = "done"
    SKIPPED = "skipped"


class StackAct(StrEnum):
    """What a person does with a record."""

    RETRY = "retry"
    HOLD = "hold"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class StackWanted:
    """Which records; None is every one."""

    at: Window
    state: ShownState | None = None


@dataclass(frozen=True, slots=True)
class StackItem:
    """A record and the SKU of its product."""

    row: StackRecord
    sku: str

    @property
    def state(self) -> ShownState:
        """As it is shown."""
        row = self.row
        if row.state is not LevelState.PENDING:
            return ShownState(row.state.value)
        if row.lease_token is not None and row.due_at > clock.now():
            return ShownState.SENDING
        return ShownState.WAITING if row.tried_at is None else ShownState.FAILING


@dataclass(frozen=True, slots=True)
class StackPage:
    """A page of records, and how far behind the shop is."""

    items: Sequence[StackItem]
    next: str | None
    lag_s: float
    p99_s: float | None


def page(merchant_id: UUID, channel_id: UUID, wanted: StackWanted) -> StackPage:
    """A channel's records, the newest first."""
    rows = (
        select(StackRecord, Product.sku)
        .join(Product, (Product.merchant_id == StackRecord.merchant_id) & (Product.id == StackRecord.product_id))
        .where(StackRecord.merchant_id == merchant_id, StackRecord.channel_id == channel_id)
    )
    if wanted.state is not None:
        rows = rows.where(*_shown_as(wanted.state))
    found = [StackItem(*row) for row in _fresh(newest(rows, StackRecord.id, wanted.at))]
    part = cut(found, wanted.at, lambda item: (item.row.id,))
    return StackPage(part.items, part.next, lag.lag_s(merchant_id, channel_id), lag.p99_s(merchant_id, channel_id))


def act(merchant_id: UUID, channel_id: UUID, record_id: UUID, what: StackAct) -> StackItem:
    """Do it with one record; raises NoSuchLevel, LevelEnded, LevelOnItsWay."""
    mine = (StackRecord.merchant_id == merchant_id, StackRecord.channel_id == channel_id, StackRecord.id == record_id)
    locked = select(StackRecord).where(*mine).with_for_update().execution_options(populate_existing=True)
    row = session().execute(locked).scalar_one_or_none()
    if row is None:
        raise NoSuchLevel
    if row.state not in OPEN:
        raise LevelEnded
    if what is StackAct.SKIP and row.lease_token is not None and row.due_at > clock.now():
        raise LevelOnItsWay
    session().execute(_acted(what).where(*mine))
    session().refresh(row)
    sku = select(Product.sku).where(Product.merchant_id == merchant_id, Product.id == row.product_id)
    return StackItem(row, session().execute(sku).scalar_one())


def act_on_all(merchant_id: UUID, channel_id: UUID, what: StackAct) -> int:
    """Do it with every record that is open; gives how many. What is on its way is not skipped."""
    of_channel = (StackRecord.merchant_id == merchant_id, StackRecord.channel_id == channel_id)
    rows = _acted(what).where(*of_channel, StackRecord.state.in_(OPEN))
    if what is StackAct.SKIP:
        rows = rows.where(~_is_on_its_way())
    return len(session().execute(rows.returning(StackRecord.id)).all())


def _fresh(rows: Any) -> Any:
    return session().execute(rows, execution_options={"populate_existing": True})


def _acted(what: StackAct) -> Any:
    rows = update(StackRecord).execution_options(synchronize_session=False)
    if what is StackAct.HOLD:
        return rows.values(state=LevelState.HELD)
    if what is StackAct.SKIP:
        return rows.values(state=LevelState.SKIPPED, ended_at=clock.now(), lease_token=None)
    due_at = case((_is_on_its_way(), StackRecord.due_at), else_=clock.now())
    return rows.values(state=LevelState.PENDING, due_at=due_at)


def _is_on_its_way() -> ColumnElement[bool]:
    return func.coalesce(StackRecord.lease_token.is_not(None) & (StackRecord.due_at > clock.now()), False)


def _shown_as(state: ShownState) -> tuple[ColumnElement[bool], ...]:
    if state in (ShownState.HELD, ShownState.DONE, ShownState.SKIPPED):
        return (StackRecord.state == LevelState(state.value),)
    is_pending = StackRecord.state == LevelState.PENDING
    if state is ShownState.SENDING:
        return is_pending, _is_on_its_way()
    was_tried = StackRecord.tried_at.is_not(None)
    return is_pending, ~_is_on_its_way(), was_tried if state is ShownState.FAILING else ~was_tried
