"""Asking people to work for a merchant. Staff of the platform add at once; all others invite, and learn nothing by it.

What an inviter is shown of the invited is what he typed, and the answer is the same whether anybody signs in so or not.
An id is taken only of the merchant's own customers who sign in: any other is as unknown.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import insert

from merchant_api.accounts import invitations, team, tokens
from merchant_api.accounts.errors import AlreadyMember, UnknownPerson
from merchant_api.accounts.invitation_models import Invitation
from merchant_api.accounts.invitations import Invited
from merchant_api.accounts.lock import lock_members
from merchant_api.accounts.logins import read_login
from merchant_api.accounts.models import Customer, Member, Person
from merchant_api.accounts.permissions import of_role
from merchant_api.accounts.reach import check_reach
from merchant_api.accounts.team import NewMember
from merchant_api.accounts.teammates import Teammate, invited_one
from merchant_api.core import clock
from merchant_api.core.actor import Actor, Role
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.core.log import log

_log = log(__name__)


def bring_in(merchant_id: UUID, wanted: NewMember, actor: Actor) -> Teammate:
    """Make a person a member, or invite; raises BadLogin, UnknownPerson, AlreadyMember, AboveYou."""
    check_reach(of_role(Role(wanted.role)), actor)
    # One after the other: nobody is invited who accepts at this moment, and of two who invite one renews.
    lock_members(merchant_id)
    if actor.role is not Role.STAFF:
        return _invite(merchant_id, wanted, actor)
    person, added = team.add(merchant_id, wanted, actor)
    forget(merchant_id, person)
    return added


def withdraw(merchant_id: UUID, invitation_id: UUID, actor: Actor) -> bool:
    """Take an invitation back, by its id or by that of the customer whom it names; False where there is none.

    Raises AboveYou for one to more than the actor may do.
    """
    which = (Invitation.id == invitation_id) | (Invitation.person_id == invitation_id)
    found = invitations.locked(invitations.asked().where(Invitation.merchant_id == merchant_id, which))
    for invited in found:
        check_reach(of_role(Role(invited.row.role)), actor)
        drop(invited)
        _log.info("member.uninvited", merchant=str(merchant_id), invitation=str(invited.row.id), by=actor.id)
    return bool(found)


def drop(invited: Invited) -> None:
    """Delete an invitation that was withdrawn or answered."""
    row = invited.row
    session().execute(delete(Invitation).where(Invitation.merchant_id == row.merchant_id, Invitation.id == row.id))


def forget(merchant_id: UUID, person: Person) -> None:
    """Delete every invitation to somebody who is a member now."""
    session().execute(delete(Invitation).where(Invitation.merchant_id == merchant_id, invitations.is_to(person)))


def _invite(merchant_id: UUID, wanted: NewMember, actor: Actor) -> Teammate:
    login = None if wanted.login is None else str(read_login(wanted.login))
    _check_new(merchant_id, (Person.id == wanted.person_id) if login is None else _signs_in(login))
    if wanted.person_id is not None:
        _check_own(merchant_id, wanted.person_id)
    named = (Invitation.person_id == wanted.person_id) if login is None else (Invitation.login == login)
    for before in invitations.locked(invitations.asked().where(Invitation.merchant_id == merchant_id, named)):
        check_reach(of_role(Role(before.row.role)), actor)
    secret = tokens.new_secret()
    row = _written(merchant_id, wanted, login, tokens.sha256(secret), actor)
    _log.info("member.invited", merchant=str(merchant_id), invitation=str(row.id), role=row.role, by=actor.id)
    return invited_one(row, str(tokens.InvitationText(merchant_id, row.id, secret)))


def _written(merchant_id: UUID, wanted: NewMember, login: str | None, token_hash: bytes, actor: Actor) -> Invitation:
    instant = clock.now()
    changes = {
        "role": wanted.role,
        "token_hash": token_hash,
        "invited_by": actor.person_id,
        "expires_at": instant + invitations.LIVES,
    }
    whole = {"merchant_id": merchant_id, "id": new_id(), "login": login, "person_id": wanted.person_id}
    statement = insert(Invitation).values(**whole, created_at=instant, **changes)
    key = ["merchant_id", "person_id" if login is None else "login"]
    renewed = statement.on_conflict_do_update(index_elements=key, set_=changes).returning(Invitation)
    return session().execute(renewed, execution_options={"populate_existing": True}).scalar_one()


def _signs_in(login: str) -> ColumnElement[bool]:
    return (Person.email == login) | (Person.phone == login)


def _check_new(merchant_id: UUID, who: ColumnElement[bool]) -> None:
    rows = select(Member.person_id).join(Person, Person.id == Member.person_id)
    if session().execute(rows.where(Member.merchant_id == merchant_id, who)).first() is not None:
        raise AlreadyMember


def _check_own(merchant_id: UUID, person_id: UUID) -> None:
    rows = select(Customer.person_id).join(Person, Person.id == Customer.person_id)
    own = rows.where(Customer.merchant_id == merchant_id, Customer.person_id == person_id)
    if session().execute(own).first() is None:
        raise UnknownPerson
