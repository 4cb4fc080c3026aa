"""Locks on sessions: many count at once, a close waits for them, and who counts during a close waits for it.

Counting takes `FOR SHARE` on the staged session, closing `FOR NO KEY UPDATE`. A count that waited finds its session
live, so it looks again and lands in the new staged one. It is in the one or the other whole.

Who builds on what is counted (an increase, a withdrawal) has the staged session alone for a moment. Ids of the log are
made under these locks, so that no row reads what another one says that comes after it.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.exc import OperationalError

from merchant_api.core.db import session, sqlstate
from merchant_api.core.replay import LOCK_NOT_AVAILABLE
from merchant_api.stock.sessions.errors import NoStagedSession, SessionClosing
from merchant_api.stock.sessions.models import Count, Session
from merchant_api.stock.sessions.states import SessionState

LOOKS = 2  # the second one sees what a close that was waited for has committed


@dataclass(frozen=True, slots=True)
class Closing:
    """Both sessions of a close, under their locks."""

    live: Session
    staged: Session


@dataclass(frozen=True, slots=True)
class Counting:
    """The staged session under a lock; rows of its log that are written under it get larger ids than `last_id`."""

    session_id: UUID
    last_id: UUID | None


def counting(merchant_id: UUID) -> Counting:
    """The staged session, shared with others who count; raises NoStagedSession, SessionClosing."""
    return _staged(_in_state(merchant_id, SessionState.STAGED).with_for_update(read=True))


def changing(merchant_id: UUID) -> Counting:
    """The staged session, for one who builds on what is counted; raises NoStagedSession, SessionClosing."""
    return _staged(_in_state(merchant_id, SessionState.STAGED).with_for_update(key_share=True))


def _staged(wanted: Select[Session]) -> Counting:
    for _ in range(LOOKS):
        found = _locked(wanted)
        if found is not None:
            return Counting(found.id, _last_id(found))
    raise NoStagedSession


def _last_id(staged: Session) -> UUID | None:
    rows = select(Count.id).where(Count.merchant_id == staged.merchant_id, Count.session_id == staged.id)
    return session().execute(rows.order_by(Count.id.desc()).limit(1)).scalar_one_or_none()


def closing(merchant_id: UUID) -> Closing:
    """Both sessions, for one who closes: waits for those who count, but not for long, and never for another close.

    Raises SessionClosing, NoStagedSession.
    """
    live = _locked(_in_state(merchant_id, SessionState.LIVE).with_for_update(key_share=True, nowait=True))
    if live is None:
        raise SessionClosing
    staged = _locked(_in_state(merchant_id, SessionState.STAGED).with_for_update(key_share=True))
    if staged is None:
        raise NoStagedSession
    return Closing(live, staged)


def _in_state(merchant_id: UUID, state: SessionState) -> Select[Session]:
    rows = select(Session).where(Session.merchant_id == merchant_id, Session.state == state)
    return rows.execution_options(populate_existing=True)


def _locked(wanted: Select[Session]) -> Session | None:
    try:
        return session().execute(wanted).scalar_one_or_none()
    except OperationalError as error:
        if sqlstate(error) == LOCK_NOT_AVAILABLE:
            raise SessionClosing(retry_after=1) from error
        raise
