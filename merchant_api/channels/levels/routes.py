"""Endpoints of the web stack: what waits for a channel, and retry, hold and skip by hand."""

from uuid import UUID

from flask import Blueprint

from merchant_api.channels import find
from merchant_api.channels.levels import stack
from merchant_api.channels.levels.schemas import StackActedOut, StackIn, StackItemOut, StackPageOut
from merchant_api.channels.levels.stack import StackAct, StackItem, StackPage, StackWanted
from merchant_api.core.endpoint import endpoint

channel_stack = Blueprint("channel_stack", __name__)


@endpoint(channel_stack, "GET", "", needs="channels.read", query=StackIn, reply=StackPageOut)
def list_stack(merchant_id: UUID, channel_id: UUID, query: StackWanted, **_: object) -> StackPage:
    """What waits for a channel and what arrived, newest first, with the shop's last answers; and its lag."""
    find.one(merchant_id, channel_id)
    return stack.page(merchant_id, channel_id, query)


@endpoint(channel_stack, "POST", "/<uuid:record_id>/retry", needs="channels.work", reply=StackItemOut)
def retry_level(merchant_id: UUID, channel_id: UUID, record_id: UUID, **_: object) -> StackItem:
    """Try a level again now, also one that is held."""
    return stack.act(merchant_id, channel_id, record_id, StackAct.RETRY)


@endpoint(channel_stack, "POST", "/<uuid:record_id>/hold", needs="channels.work", reply=StackItemOut)
def hold_level(merchant_id: UUID, channel_id: UUID, record_id: UUID, **_: object) -> StackItem:
    """Send a level no more until it is retried."""
    return stack.act(merchant_id, channel_id, record_id, StackAct.HOLD)


@endpoint(channel_stack, "POST", "/<uuid:record_id>/skip", needs="channels.work", reply=StackItemOut)
def skip_level(merchant_id: UUID, channel_id: UUID, record_id: UUID, **_: object) -> StackItem:
    """Leave a level out; the next change of its stock is sent again."""
    return stack.act(merchant_id, channel_id, record_id, StackAct.SKIP)


@endpoint(channel_stack, "POST", "/retry", needs="channels.work", reply=StackActedOut)
def retry_all(merchant_id: UUID, channel_id: UUID, **_: object) -> dict[str, int]:
    """Try all that is open again now."""
    return _all(merchant_id, channel_id, StackAct.RETRY)


@endpoint(channel_stack, "POST", "/hold", needs="channels.work", reply=StackActedOut)
def hold_all(merchant_id: UUID, channel_id: UUID, **_: object) -> dict[str, int]:
    """Send nothing that waits until it is retried."""
    return _all(merchant_id, channel_id, StackAct.HOLD)


@endpoint(channel_stack, "POST", "/skip", needs="channels.work", reply=StackActedOut)
def skip_all(merchant_id: UUID, channel_id: UUID, **_: object) -> dict[str, int]:
    """Leave out all that waits and is not on its way."""
    return _all(merchant_id, channel_id, StackAct.SKIP)


def _all(merchant_id: UUID, channel_id: UUID, what: StackAct) -> dict[str, int]:
    find.one(merchant_id, channel_id)
    return {"records": stack.act_on_all(merchant_id, channel_id, what)}
