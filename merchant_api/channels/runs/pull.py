"""Reading all levels of a shop: what it changed itself, beside what its orders took, comes into our stock.

The differences are told, with both figures; where that was asked for they become ledger entries with the channel as
actor, and the other channels learn of them. Page by page: each is read, and what differs is read again once the orders
until then are known (`compare.py`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from merchant_api.channels.actor import actor_of
from merchant_api.channels.connector import WebShop
from merchant_api.channels.models import Channel, Listing
from merchant_api.channels.run_models import ChannelRun
from merchant_api.channels.runs import listed
from merchant_api.channels.runs.compare import acknowledge, compare, is_settled
from merchant_api.channels.runs.listed import Listed
from merchant_api.channels.runs.step import RunPage, RunStep
from merchant_api.channels.runs.theirs import take_over
from merchant_api.channels.shop_levels import ItemGone, ShopLevel
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.errors import Refusal
from merchant_api.core.schema import rfc3339

COMMENT = "changed in the shop"
WAIT_S = 1.0


def page(channel: Channel, shop: WebShop, run: ChannelRun, size: int) -> RunPage | RunStep:
    """The listings after the run's cursor, or those of its last page that differed; a step where it has to wait."""
    suspects = run.asked.get("suspects", {})
    if suspects and not is_settled(datetime.fromisoformat(run.asked["read_at"]), listed.orders_known_until(channel)):
        listed.poll_now(channel)
        return RunStep(run.cursor, run.done, wait_s=WAIT_S)
    rows = listed.named(channel, suspects) if suspects else listed.after(channel, run.cursor, size)
    refs, keys = listed.refs(rows), [str(row.Listing.product_id) for row in rows]
    return RunPage(
        ask=lambda: dict(zip(keys, shop.read_levels(refs) if refs else (), strict=True)),
        settle=lambda read: _settle(channel, run, keys, read, is_last=not suspects and len(rows) < size),
    )


def _settle(
    channel: Channel, run: ChannelRun, keys: Sequence[str], read: Mapping[str, ShopLevel | ItemGone], *, is_last: bool
) -> RunStep:
    rows = listed.named(channel, keys, is_locked=True)
    before, behind = run.asked.get("suspects", {}), listed.behind(channel, [row.Listing.product_id for row in rows])
    found = compare(rows, read, before, behind)
    problems = list(found.problems)
    if run.asked["apply"]:
        problems += _apply(channel, rows, found.changes)
    ends = run.asked.get("ends", False) or is_last
    asked = {"apply": run.asked["apply"], "ends": ends}
    if found.suspects:
        asked |= {"suspects": found.suspects, "read_at": rfc3339(clock.now())}
    fresh = [] if before else list(keys)
    return RunStep(
        cursor=fresh[-1] if fresh else run.cursor,
        done=run.done + len(fresh),
        is_over=ends and not found.suspects,
        asked=asked,
        problems=problems,
        changes=found.changes,
    )


def _apply(channel: Channel, rows: Sequence[Listed], changes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    listings: dict[str, Listing] = {str(row.Listing.product_id): row.Listing for row in rows}
    skus = {row.Listing.product_id: row.sku for row in rows}
    units = {UUID(each["product_id"]): each["change"] for each in changes}
    try:
        with session().begin_nested():
            short = take_over(channel.merchant_id, units, actor_of(channel), COMMENT)
    except Refusal as refused:  # as more units than can be counted: nothing of this page is taken over
        return [{"product_id": each["product_id"], "sku": each["sku"], "why": refused.detail} for each in changes]
    for each in changes:
        acknowledge(listings[each["product_id"]], each["theirs"])
    return [
        {
            "product_id": str(product_id),
            "sku": skus[product_id],
            "why": f"The shop took away {missing} more than we have: count this product.",
        }
        for product_id, missing in short.items()
    ]
