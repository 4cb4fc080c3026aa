"""Looking at a channel's levels, page after page, for what neither we nor an order explains: drift.

A difference that is certain (`compare.py`) is kept on its listing with both figures and since when, and told once; the
channel's setting may decide it at once, for our figure or for theirs. What fits again is adrift no more.
"""

import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from merchant_api.channels import connectors, mark
from merchant_api.channels.actor import actor_of
from merchant_api.channels.connector import WebShop
from merchant_api.channels.faults import ShopFault
from merchant_api.channels.models import Channel, Listing
from merchant_api.channels.run_models import ChannelRound
from merchant_api.channels.runs import listed
from merchant_api.channels.runs.compare import acknowledge, compare, is_settled
from merchant_api.channels.runs.pull import COMMENT
from merchant_api.channels.runs.step import RunPage, RunStep
from merchant_api.channels.runs.theirs import take_over
from merchant_api.channels.shop_levels import ItemGone, ItemRef, ShopLevel
from merchant_api.channels.signing import EventOrder, event_order
from merchant_api.channels.states import DriftTake
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.schema import rfc3339
from merchant_api.outbox.record import Happening, record

LARGEST_PAGE = 100
EVERY_S = 300.0  # a whole look at a channel begins so often at the most
WAIT_S = 2.0


def page(channel: Channel, shop: WebShop, row: ChannelRound) -> RunPage | RunStep:
    """The next listings of the round, or those of the last page that differed."""
    mark_ = row.mark
    suspects = mark_.get("suspects", {})
    if suspects and not is_settled(datetime.fromisoformat(mark_["read_at"]), listed.orders_known_until(channel)):
        return RunStep(mark_.get("cursor"), 0, asked=mark_, wait_s=WAIT_S)
    size = min(LARGEST_PAGE, connectors.of(channel.kind).abilities.most_read)
    rows = listed.named(channel, suspects) if suspects else listed.after(channel, mark_.get("cursor"), size)
    refs, keys = listed.refs(rows), [str(each.Listing.product_id) for each in rows]
    events = event_order(channel, is_first=False) if not mark_ else None
    return RunPage(
        ask=lambda: _read(shop, events, refs, keys),
        settle=lambda read: _settle(channel, mark_, keys, read, is_last=not suspects and len(rows) < size),
    )


def _read(
    shop: WebShop, events: EventOrder | None, refs: Sequence[ItemRef], keys: Sequence[str]
) -> dict[str, ShopLevel | ItemGone]:
    """As each look begins, it is seen to it that the shop still sends its events: some stop doing so unasked."""
    if events is not None:
        with contextlib.suppress(ShopFault):  # what they would tell is read all the same, a little later
            shop.listen(events.url, events.secret)
    return dict(zip(keys, shop.read_levels(refs) if refs else (), strict=True))


def _settle(
    channel: Channel,
    before: Mapping[str, Any],
    keys: Sequence[str],
    read: Mapping[str, ShopLevel | ItemGone],
    *,
    is_last: bool,
) -> RunStep:
    rows = listed.named(channel, keys, is_locked=True)
    behind = listed.behind(channel, [row.Listing.product_id for row in rows])
    found = compare(rows, read, before.get("suspects", {}), behind)
    adrift = {each["product_id"]: each for each in found.changes}
    unclear, fits = {each["product_id"] for each in found.problems}, []
    for row in rows:
        key = str(row.Listing.product_id)
        if key not in adrift and key not in found.suspects and key not in unclear and row.Listing.is_adrift:
            _fits(row.Listing)
            fits.append(row.Listing.product_id)
    _drift(channel, {str(row.Listing.product_id): row.Listing for row in rows}, found.changes)
    if fits:  # while it was adrift nothing was sent
        session().flush()
        mark.mark(channel.merchant_id, channel_id=channel.id, product_ids=fits)
    ends = before.get("ends", False) or is_last
    cursor = before.get("cursor") if before.get("suspects") or not keys else keys[-1]
    kept: dict[str, Any] = {"cursor": cursor, "ends": ends}
    if found.suspects:
        kept |= {"suspects": found.suspects, "read_at": rfc3339(clock.now())}
        return RunStep(None, 0, asked=kept, wait_s=WAIT_S)
    return RunStep(None, 0, asked={} if ends else kept, is_over=ends, wait_s=EVERY_S if ends else 0.0)


def _fits(listing: Listing) -> None:
    listing.drift_ours = listing.drift_theirs = listing.drift_since = None


def _drift(channel: Channel, listings: Mapping[str, Listing], changes: Sequence[dict[str, Any]]) -> None:
    take = DriftTake(channel.settings.get("drift", DriftTake.ASK))
    if take is DriftTake.THEIRS:
        units = {UUID(each["product_id"]): each["change"] for each in changes}
        take_over(channel.merchant_id, units, actor_of(channel), COMMENT)
    for each in changes:
        listing = listings[each["product_id"]]
        if take is DriftTake.ASK:
            _keep(channel, listing, each)
        else:
            acknowledge(listing, each["theirs"])
    if take is DriftTake.OURS and changes:
        ids = [UUID(each["product_id"]) for each in changes]
        session().flush()
        mark.mark(channel.merchant_id, channel_id=channel.id, product_ids=ids)


def _keep(channel: Channel, listing: Listing, change: Mapping[str, Any]) -> None:
    is_new = not listing.is_adrift
    listing.drift_ours, listing.drift_theirs = change["ours"], change["theirs"]
    if is_new:
        listing.drift_since = clock.now()
        said = {"channel_id": str(channel.id), "channel_name": channel.name, **change}
        record(Happening(channel.merchant_id, "channel.drift", None, said))
