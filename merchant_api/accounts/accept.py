"""Answering an invitation: accepted, it makes a member; refused, it is gone.

Whoever accepts a second time is a member already, and is told the same. Members are locked first, then the invitations,
then the clock is read: a withdrawal, a second answer or the deadline comes before or after, never between.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts import invitations, people
from merchant_api.accounts.invitation_errors import InvitationTokenNeeded, UnknownInvitation
from merchant_api.accounts.invitation_models import Invitation
from merchant_api.accounts.invitations import Invited, MemberState, MyInvitation
from merchant_api.accounts.invite import drop, forget
from merchant_api.accounts.lock import lock_members
from merchant_api.accounts.merchants import find_merchant
from merchant_api.accounts.models import Member, Person
from merchant_api.accounts.on_behalf import member_of
from merchant_api.accounts.people import Membership
from merchant_api.accounts.team import add_member
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.log import log
from merchant_api.core.paging import Page, Window

_log = log(__name__)


def mine(actor: Actor, at: Window) -> Page[MyInvitation]:
    """A page of what the actor was invited to."""
    return invitations.of_person(_person(actor), at)


def accept(merchant_id: UUID, token: str | None, actor: Actor) -> Membership:
    """Become a member as invited; of several invitations the one that holds longest counts, or the token's.

    Raises UnknownInvitation, InvitationTokenNeeded, InvitationExpired, InvitationVoid.
    """
    person = _person(actor)
    lock_members(merchant_id)
    member = member_of(merchant_id, person.id)
    if member is None:
        invited = max(_answerable(merchant_id, person, token), key=_holds)
        member = take(invited, person)
    name = find_merchant(merchant_id).name
    return Membership(merchant_id, name, member.role, sorted(people.permissions_of(member)))


def refuse(merchant_id: UUID, token: str | None, actor: Actor) -> None:
    """Say no; raises UnknownInvitation, InvitationTokenNeeded."""
    for invited in _answerable(merchant_id, _person(actor), token):
        drop(invited)
        _log.info("member.refused", merchant=str(merchant_id), invitation=str(invited.row.id), by=actor.id)


def take(invited: Invited, person: Person) -> Member:
    """Make the person a member by an invitation that is locked; raises InvitationExpired, InvitationVoid."""
    invited.check()
    row = invited.row
    member = add_member(row.merchant_id, person.id, row.role)
    forget(row.merchant_id, person)
    _log.info("member.joined", merchant=str(row.merchant_id), person=str(person.id), invited_by=str(row.invited_by))
    return member


def _answerable(merchant_id: UUID, person: Person, token: str | None) -> Sequence[Invited]:
    own = invitations.asked().where(Invitation.merchant_id == merchant_id, invitations.is_to(person))
    found = invitations.locked(own)
    if token is not None:
        found = [each for each in found if each.is_shown_by(token)]
    if not found:
        raise UnknownInvitation
    open_to = [each for each in found if token is not None or not each.needs_token(person)]
    if not open_to:
        raise InvitationTokenNeeded
    return open_to


def _holds(invited: Invited) -> tuple[bool, float]:
    return invited.state is MemberState.INVITED, invited.row.expires_at.timestamp()


def _person(actor: Actor) -> Person:
    return session().execute(select(Person).where(Person.id == people.id_of(actor))).scalar_one()
