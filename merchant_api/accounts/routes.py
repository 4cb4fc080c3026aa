"""Merchants and their settings, members and API keys."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint

from merchant_api.accounts import invite, keys, keys_shown, leavers_keys, merchants, team, teammates
from merchant_api.accounts.keys import KeyAsked, NewKey
from merchant_api.accounts.keys_shown import KeyShown
from merchant_api.accounts.models import Merchant
from merchant_api.accounts.schemas import MerchantOut
from merchant_api.accounts.team import MemberChanges, NewMember
from merchant_api.accounts.team_schemas import (
    KeyIn,
    KeyOut,
    LeavingIn,
    MemberChangesIn,
    MemberIn,
    MemberOut,
    NewKeyOut,
    NewMemberOut,
)
from merchant_api.accounts.teammates import Teammate
from merchant_api.core.actor import Actor
from merchant_api.core.endpoint import endpoint
from merchant_api.core.gate import SIGNED_IN
from merchant_api.core.paging import Page, PageIn, Window, page_of

accounts = Blueprint("accounts", __name__)

Asked = Mapping[str, Any]


@endpoint(accounts, "GET", "", needs=SIGNED_IN, query=PageIn, reply=page_of(MerchantOut))
def list_merchants(query: Window, **_: object) -> Page[Merchant]:
    """All merchants: what anyone may know of them."""
    return merchants.list_merchants(query)


@endpoint(accounts, "GET", "/<uuid:merchant_id>", needs="merchant.read", reply=MerchantOut)
def show_merchant(merchant_id: UUID, **_: object) -> Merchant:
    """One merchant."""
    return merchants.find_merchant(merchant_id)


@endpoint(accounts, "GET", "/<uuid:merchant_id>/members", needs="members.read", query=PageIn, reply=page_of(MemberOut))
def list_members(merchant_id: UUID, query: Window, **_: object) -> Page[Teammate]:
    """Who works here, and who was invited to."""
    return teammates.list_members(merchant_id, query)


@endpoint(
    accounts,
    "POST",
    "/<uuid:merchant_id>/members",
    needs="members.edit",
    body=MemberIn,
    reply=NewMemberOut,
    status=201,
    has_secret=True,
    limit="invite",
)
def add_member(merchant_id: UUID, body: NewMember, actor: Actor) -> Teammate:
    """Invite somebody to be a member, or renew that; staff of the platform add a registered person at once."""
    return invite.bring_in(merchant_id, body, actor)


@endpoint(
    accounts,
    "PATCH",
    "/<uuid:merchant_id>/members/<uuid:person_id>",
    needs="members.edit",
    body=MemberChangesIn,
    reply=MemberOut,
)
def change_member(merchant_id: UUID, person_id: UUID, body: MemberChanges, actor: Actor) -> Teammate:
    """Change a member's role, or what this one member may do."""
    return team.change(merchant_id, person_id, body, actor)


@endpoint(
    accounts,
    "DELETE",
    "/<uuid:merchant_id>/members/<uuid:person_id>",
    needs="members.edit",
    query=LeavingIn,
    status=204,
)
def remove_member(merchant_id: UUID, person_id: UUID, query: Asked, actor: Actor) -> None:
    """End a membership and with it the API keys that she made, unless they are kept, or withdraw an invitation.

    The last owner stays.
    """
    if invite.withdraw(merchant_id, person_id, actor):
        return
    held = team.remove(merchant_id, person_id, actor)
    if query["keep_keys"]:
        leavers_keys.keep(merchant_id, person_id, held, actor)
    else:
        leavers_keys.revoke(merchant_id, person_id, actor)


@endpoint(accounts, "GET", "/<uuid:merchant_id>/api-keys", needs="keys.read", query=PageIn, reply=page_of(KeyOut))
def list_keys(merchant_id: UUID, query: Window, **_: object) -> Page[KeyShown]:
    """The merchant's keys, without their texts: who made them, and what they may."""
    return keys_shown.list_keys(merchant_id, query)


@endpoint(
    accounts,
    "POST",
    "/<uuid:merchant_id>/api-keys",
    needs="keys.edit",
    body=KeyIn,
    reply=NewKeyOut,
    status=201,
    has_secret=True,
)
def make_key(merchant_id: UUID, body: KeyAsked, actor: Actor) -> NewKey:
    """Make a key; its text is in this answer and nowhere else."""
    return keys.make_key(merchant_id, body, actor)


@endpoint(accounts, "DELETE", "/<uuid:merchant_id>/api-keys/<uuid:key_id>", needs="keys.edit", status=204)
def revoke_key(merchant_id: UUID, key_id: UUID, actor: Actor) -> None:
    """Revoke a key at once."""
    keys.revoke_key(merchant_id, key_id, actor)
