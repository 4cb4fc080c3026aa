"""Starting sessions: the live one that a merchant begins with, and the staged one that is counted into."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.stock.sessions.errors import SessionStaged
from merchant_api.stock.sessions.models import Session
from merchant_api.stock.sessions.states import SessionState


def first(merchant_id: UUID) -> Session:
    """Add the empty live session that a new merchant sells from."""
    row = _row(merchant_id, SessionState.LIVE)
    row.promoted_at = row.opened_at
    session().add(row)
    return row


def start(merchant_id: UUID, actor: Actor) -> Session:
    """Start a staged session; raises SessionStaged when there is one."""
    found = select(Session.id).where(Session.merchant_id == merchant_id, Session.state == SessionState.STAGED)
    if session().execute(found).scalar_one_or_none() is not None:
        raise SessionStaged
    row = staged(merchant_id, actor)
    try:
        session().flush()
    except IntegrityError as rival:  # somebody started one at the same moment: the unique index tells
        raise SessionStaged from rival
    return row


def staged(merchant_id: UUID, actor: Actor) -> Session:
    """Add an empty staged session."""
    row = _row(merchant_id, SessionState.STAGED)
    row.opened_by = actor.stamp()
    session().add(row)
    return row


def _row(merchant_id: UUID, state: SessionState) -> Session:
    return Session(merchant_id=merchant_id, id=new_id(), state=state, version=0, opened_at=clock.now())
