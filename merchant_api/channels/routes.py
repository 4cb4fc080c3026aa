"""Endpoints of channels: connected, changed, checked, ended; and which kinds of shops there are."""

from uuid import UUID

from flask import Blueprint

from merchant_api.channels import check, edit, end, find, kinds_shown, once, show
from merchant_api.channels.kind_schemas import ChannelKindListOut, CheckOut
from merchant_api.channels.kinds_shown import KindShown
from merchant_api.channels.schemas import ChannelChangesIn, ChannelIn, ChannelOut, ChannelPageOut
from merchant_api.channels.show import ChannelView
from merchant_api.core.actor import Actor
from merchant_api.core.answer import Answered
from merchant_api.core.endpoint import endpoint
from merchant_api.core.gate import SIGNED_IN
from merchant_api.core.paging import Page, PageIn, Window
from merchant_api.core.replay import Claim

channels = Blueprint("channels", __name__)
channel_kinds = Blueprint("channel_kinds", __name__)


@endpoint(channel_kinds, "GET", "", needs=SIGNED_IN, reply=ChannelKindListOut)
def list_kinds(**_: object) -> Page[KindShown]:
    """The kinds of shops that can be connected: which credentials and options each wants, and what it can do."""
    return Page(kinds_shown.all_of_them(), None)


@endpoint(channels, "GET", "", needs="channels.read", query=PageIn, reply=ChannelPageOut)
def list_channels(merchant_id: UUID, query: Window, **_: object) -> Page[ChannelView]:
    """The merchant's channels, newest first."""
    return show.page(merchant_id, find.page(merchant_id, query))


@endpoint(channels, "POST", "", needs="channels.edit", body=ChannelIn, reply=ChannelOut, status=201)
def add_channel(merchant_id: UUID, body: edit.NewChannel, actor: Actor) -> ChannelView:
    """Connect a shop; nobody is asked until it is checked."""
    return show.view(edit.add(merchant_id, body, actor))


@endpoint(channels, "GET", "/<uuid:channel_id>", needs="channels.read", reply=ChannelOut)
def get_channel(merchant_id: UUID, channel_id: UUID, **_: object) -> ChannelView:
    """A channel: where it stands, what waits for it, and its settings."""
    return show.view(find.one(merchant_id, channel_id))


@endpoint(channels, "PATCH", "/<uuid:channel_id>", needs="channels.edit", body=ChannelChangesIn, reply=ChannelOut)
def change_channel(merchant_id: UUID, channel_id: UUID, body: edit.ChannelChanges, actor: Actor) -> ChannelView:
    """Change a channel, switch it on or off, or give it other credentials."""
    return show.view(edit.change(merchant_id, channel_id, body, actor))


@endpoint(channels, "DELETE", "/<uuid:channel_id>", needs="channels.edit", status=204)
def end_channel(merchant_id: UUID, channel_id: UUID, actor: Actor) -> None:
    """End a channel: its credentials and listings are forgotten, its orders stay."""
    end.end(merchant_id, channel_id, actor)


@endpoint(channels, "POST", "/<uuid:channel_id>/check", needs="channels.edit", reply=CheckOut, opens_own=True)
def check_channel(merchant_id: UUID, channel_id: UUID, claim: Claim | None, **_: object) -> Answered:
    """Sign in to the shop and say what we may do there; its answer, or that there was none, is kept at the channel."""
    return once.answered(claim, lambda: check.check(merchant_id, channel_id), CheckOut)
