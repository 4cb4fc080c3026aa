"""Merchants and their settings, members and API keys."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint

from merchant_api.accounts import keys, merchants, team, teammates
from merchant_api.accounts.keys import KeyAsked, NewKey
from merchant_api.accounts.models import ApiKey, Merchant
from merchant_api.accounts.schemas import MerchantOut
from merchant_api.accounts.team import Invitation, MemberChanges
from merchant_api.accounts.team_schemas import KeyIn, KeyOut, MemberChangesIn, MemberIn, MemberOut, NewKeyOut
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
    """Who works here."""
    return teammates.list_members(merchant_id, query)


@endpoint(
    accounts,
    "POST",
    "/<uuid:merchant_id>/members",
    needs="members.edit",
    body=MemberIn,
    reply=MemberOut,
    status=201,
    limit="invite",
)
def add_member(merchant_id: UUID, body: Invitation, actor: Actor) -> Teammate:
    """Make a registered person a member."""
    return team.invite(merchant_id, body, actor)


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


@endpoint(accounts, "DELETE", "/<uuid:merchant_id>/members/<uuid:person_id>", needs="members.edit", status=204)
def remove_member(merchant_id: UUID, person_id: UUID, actor: Actor) -> None:
    """End a membership; the last owner stays."""
    team.remove(merchant_id, person_id, actor)


@endpoint(accounts, "GET", "/<uuid:merchant_id>/api-keys", needs="keys.read", query=PageIn, reply=page_of(KeyOut))
def list_keys(merchant_id: UUID, query: Window, **_: object) -> Page[ApiKey]:
    """The merchant's keys, without their texts."""
    return keys.list_keys(merchant_id, query)


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
