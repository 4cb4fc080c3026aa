"""The endpoints of sessions. The preview lies with the shop, which knows what a product's mode would be."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from merchant_api.core.actor import Actor
from merchant_api.core.endpoint import endpoint
from merchant_api.core.paging import Page, PageIn, Window, page_of
from merchant_api.stock.adjust import Adjustment
from merchant_api.stock.adjust_schemas import AdjustmentIn
from merchant_api.stock.sessions import change, find, history, start
from merchant_api.stock.sessions import count as counting
from merchant_api.stock.sessions.close import ClosedView, close
from merchant_api.stock.sessions.count import NewCount
from merchant_api.stock.sessions.counting_schemas import CountedList, CountedListIn
from merchant_api.stock.sessions.find import AtPlace, SessionDetail, SessionView
from merchant_api.stock.sessions.promote import Close
from merchant_api.stock.sessions.schemas import (
    CellPageIn,
    ClosedOut,
    CloseIn,
    ComparedOut,
    CountOut,
    LevelList,
    LevelListIn,
    LevelOut,
    NewCountIn,
    SessionDetailOut,
    SessionOut,
    SnapshotOut,
)

sessions = Blueprint("sessions", __name__)


@endpoint(sessions, "GET", "", needs="stock.read", query=PageIn, reply=page_of(SessionOut))
def list_sessions(merchant_id: UUID, query: Window, **_: object) -> Page[SessionView]:
    """Sessions, the newest first."""
    return find.sessions(merchant_id, query)


@endpoint(sessions, "POST", "", needs="sessions.count", reply=SessionOut, status=201)
def start_session(merchant_id: UUID, actor: Actor) -> SessionView:
    """Start a staged session, to count into."""
    return find.view(start.start(merchant_id, actor))


@endpoint(sessions, "GET", "/<which>", needs="stock.read", query=CountedListIn, reply=SessionDetailOut)
def get_session(merchant_id: UUID, which: str, query: CountedList, **_: object) -> SessionDetail:
    """A session by its id, `live` or `staged`, with what is counted in it."""
    return find.detail(merchant_id, which, query.at, query.category)


@endpoint(sessions, "GET", "/<which>/counts", needs="stock.read", query=PageIn, reply=page_of(CountOut))
def list_counts(merchant_id: UUID, which: str, query: Window, **_: object) -> Page[AtPlace]:
    """A session's log of counts, the newest first."""
    return find.log(merchant_id, which, query)


@endpoint(sessions, "POST", "/staged/counts", needs="sessions.count", body=NewCountIn, reply=CountOut, status=201)
def count(merchant_id: UUID, body: NewCount, actor: Actor) -> AtPlace:
    """Count a cell; the later count wins."""
    return find.placed(counting.count(merchant_id, body, actor))


@endpoint(
    sessions, "POST", "/staged/adjustments", needs="sessions.adjust", body=AdjustmentIn, reply=CountOut, status=201
)
def adjust_count(merchant_id: UUID, body: Adjustment, actor: Actor) -> AtPlace:
    """Change what is counted of a cell."""
    return find.placed(change.adjust(merchant_id, body, actor))


@endpoint(sessions, "DELETE", "/staged/counts/<uuid:count_id>", needs="sessions.count", reply=CountOut)
def withdraw_count(merchant_id: UUID, count_id: UUID, actor: Actor) -> AtPlace:
    """Withdraw a count: what was counted before holds again."""
    return find.placed(change.withdraw(merchant_id, count_id, actor))


@endpoint(sessions, "POST", "/live/close", needs="sessions.promote", body=CloseIn, reply=ClosedOut)
def close_session(merchant_id: UUID, body: Close, actor: Actor) -> ClosedView:
    """Close the live session and sell from the staged one."""
    return close(merchant_id, body, actor)


@endpoint(sessions, "GET", "/<which>/snapshot", needs="stock.read", query=CellPageIn, reply=page_of(SnapshotOut))
def get_snapshot(merchant_id: UUID, which: str, query: Window, **_: object) -> Page[AtPlace]:
    """The cells of a closed session as it left them."""
    return history.snapshot(merchant_id, which, query)


@endpoint(
    sessions, "GET", "/<first>/compare/<second>", needs="stock.read", query=CellPageIn, reply=page_of(ComparedOut)
)
def compare_sessions(merchant_id: UUID, first: str, second: str, query: Window, **_: object) -> Page[AtPlace]:
    """The cells whose figures differ between two closed sessions."""
    return history.compare(merchant_id, (first, second), query)


@endpoint(sessions, "GET", "/levels", needs="stock.read", query=LevelListIn, reply=page_of(LevelOut))
def list_levels(merchant_id: UUID, query: LevelList, **_: object) -> Page[dict[str, Any]]:
    """A product's level at the end of each closed session."""
    return history.levels(merchant_id, query.product, query.at)
