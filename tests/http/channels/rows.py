"""What lies behind a channel that a test set up: its rounds and runs, its listings and what waits for them."""

from sqlalchemy import select

from merchant_api.channels.level_models import StackRecord
from merchant_api.channels.models import Listing
from merchant_api.channels.run_models import ChannelRound, ChannelRun
from merchant_api.channels.states import LevelState, RunKind, RunState
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from tests.make.people import saved

DEFAULTS = {
    "buffer": 0,
    "percent": 100,
    "least": 0,
    "most": None,
    "pack": 1,
    "locations": [],
    "shop_location": None,
    "restores_cancelled": True,
    "drift": "ask",
    "options": {},
}


def rounds(channel):
    rows = select(ChannelRound.kind, ChannelRound.is_on).where(ChannelRound.channel_id == channel["id"])
    return {kind.value: is_on for kind, is_on in session().execute(rows)}


def import_of(seller, channel):
    plain = {"merchant_id": seller.merchant.id, "channel_id": channel["id"], "due_at": clock.now(), "attempts": 0}
    work = {"kind": RunKind.IMPORT, "asked": {}, "done": 0, "problems": [], "changes": [], "started_by": {}}
    return saved(ChannelRun(id=new_id(), **plain, **work, state=RunState.PENDING, created_at=clock.now()))


def put(seller, channel, product, status=200, **body):
    reply = seller.call("owner", "PUT", f"/channels/{channel['id']}/listings/{product.id}", body)
    assert reply.status_code == status, reply.text
    return reply.json


def listing(channel, product):
    row = select(Listing).where(Listing.channel_id == channel["id"], Listing.product_id == product.id)
    return session().execute(row.execution_options(populate_existing=True)).scalar_one_or_none()


def records(product):
    return records_of(product.id)


def records_of(product_id):
    rows = select(StackRecord).where(StackRecord.product_id == product_id).order_by(StackRecord.id)
    return session().execute(rows.execution_options(populate_existing=True)).scalars().all()


def acknowledge(row, level):
    for record in records_of(row.product_id):
        record.state, record.ended_at, record.lease_token = LevelState.DONE, clock.now(), None
    row.acknowledged, row.acknowledged_at, row.shop_level, row.read_at = level, clock.now(), level, clock.now()
    session().commit()
