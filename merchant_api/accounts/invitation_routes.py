"""Answering an invitation: with an account, or by making one."""

from collections.abc import Mapping
from uuid import UUID

from flask import request

from merchant_api.accounts import accept, join
from merchant_api.accounts.invitation_schemas import InvitationAnswerIn, InvitationOut, JoinIn
from merchant_api.accounts.invitations import MyInvitation
from merchant_api.accounts.join import Joining
from merchant_api.accounts.me_routes import me
from merchant_api.accounts.people import Membership
from merchant_api.accounts.sign_in_routes import auth
from merchant_api.accounts.sign_in_schemas import MembershipOut, WelcomeOut
from merchant_api.core.actor import Actor
from merchant_api.core.answer import Answered, Reply, rendered
from merchant_api.core.endpoint import endpoint
from merchant_api.core.gate import PUBLIC, SIGNED_IN
from merchant_api.core.paging import Page, PageIn, Window, page_of


@endpoint(
    auth,
    "POST",
    "/join",
    needs=PUBLIC,
    body=JoinIn,
    reply=WelcomeOut,
    status=201,
    opens_own=True,
    hashes=True,
    limit="register",
)
def join_merchant(body: Joining, **_: object) -> Answered:
    """Accept an invitation without an account: it is made with the invited login, and signed in at once."""
    return Answered(rendered(Reply(join.join(body, request.remote_addr or "")), WelcomeOut, 201))


@endpoint(me, "GET", "/invitations", needs=SIGNED_IN, query=PageIn, reply=page_of(InvitationOut))
def list_invitations(query: Window, actor: Actor) -> Page[MyInvitation]:
    """Which merchants ask the person to work for them."""
    return accept.mine(actor, query)


@endpoint(
    me,
    "POST",
    "/invitations/<uuid:merchant_id>/accept",
    needs=SIGNED_IN,
    body=InvitationAnswerIn,
    may_be_left_out=True,
    reply=MembershipOut,
)
def accept_invitation(merchant_id: UUID, body: Mapping[str, str | None], actor: Actor) -> Membership:
    """Become a member of the merchant, as invited."""
    return accept.accept(merchant_id, body["token"], actor)


@endpoint(
    me,
    "POST",
    "/invitations/<uuid:merchant_id>/refuse",
    needs=SIGNED_IN,
    body=InvitationAnswerIn,
    may_be_left_out=True,
    status=204,
)
def refuse_invitation(merchant_id: UUID, body: Mapping[str, str | None], actor: Actor) -> None:
    """Say no: the invitation is gone."""
    accept.refuse(merchant_id, body["token"], actor)
