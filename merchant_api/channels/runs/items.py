"""A shop's items in pages become products, opening stock and listings: the first import from the primary channel.

An item that is listed already is passed over, so that a page that comes again changes nothing. One whose SKU we have is
listed with the product that has it: our stock stays, and where the shop shows another figure that is drift, for the
merchant to decide. All others become products, for sale where they are in the shop, their level as opening stock. What
can't be taken is told, item by item, with what to do.
"""

from collections.abc import Sequence
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy import select

from merchant_api.catalog import skus
from merchant_api.catalog.sku_field import Sku
from merchant_api.channels.candidates import plain
from merchant_api.channels.connector import WebShop
from merchant_api.channels.models import Channel, Listing
from merchant_api.channels.run_models import ChannelRun
from merchant_api.channels.runs import item_products
from merchant_api.channels.runs.item_products import ItemsTaken
from merchant_api.channels.runs.step import RunPage, RunStep
from merchant_api.channels.shop_items import ItemPage, ShopItem
from merchant_api.channels.shown import levels
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.shop import find

_SKU = Sku()


def page(channel: Channel, shop: WebShop, run: ChannelRun) -> RunPage:
    """The next page of the shop's items."""
    return RunPage(ask=lambda: plain(shop.items(run.cursor)), settle=lambda told: _settle(channel, run, told))


def _settle(channel: Channel, run: ChannelRun, told: ItemPage) -> RunStep:
    taken = _take(channel, told.items, does_apply=run.asked["apply"])
    return RunStep(
        cursor=told.cursor,
        done=run.done + len(told.items),
        is_over=told.cursor is None,
        of=told.of if told.of is not None else run.of,
        problems=taken.problems,
        changes=taken.changes,
    )


def _take(channel: Channel, items: Sequence[ShopItem], *, does_apply: bool) -> ItemsTaken:
    taken = ItemsTaken()
    listings = _listings(channel, items)
    readable = {item.ref: sku for item in items if (sku := _sku(item, taken)) is not None}
    known = _known(channel.merchant_id, set(readable.values()))
    currency = find.currency(channel.merchant_id)
    for item in items:
        if item.ref not in readable or (item.ref.shop_id, item.ref.location) in listings:
            continue
        for why in item.problems:
            taken.problem(item, why)
        sku = readable[item.ref]
        candidates = known.get(sku, [])
        if len(candidates) > 1:
            taken.problem(item, f"Several products are called {sku}: list this item by hand.")
        elif candidates:
            _list_known(channel, item, candidates[0], taken, does_apply=does_apply)
        elif item.price is not None and item.price.currency != currency:
            taken.problem(item, f"It is priced in {item.price.currency}, and we sell in {currency}.")
        else:
            known[sku] = [item_products.add(channel, item, sku, currency, taken, does_apply=does_apply)]
    return taken


def _known(merchant_id: UUID, wanted: set[str]) -> dict[str, list[UUID | None]]:
    """The products that each SKU may mean; a None is one that would be made."""
    return {sku: [row.id for row in rows] for sku, rows in skus.meant(merchant_id, wanted).items()}


def _sku(item: ShopItem, taken: ItemsTaken) -> str | None:
    if not (item.sku or "").strip():
        taken.problem(item, "It has no SKU: give it one in the shop and import again, or list it by hand.")
        return None
    try:
        sku: str = _SKU.deserialize(item.sku)
    except ValidationError as error:
        taken.problem(item, f"Its SKU can't be ours: {' '.join(map(str, error.messages))}")
        return None
    return sku


def _listings(channel: Channel, items: Sequence[ShopItem]) -> set[tuple[str, str | None]]:
    rows = select(Listing.shop_id, Listing.shop_location).where(
        Listing.merchant_id == channel.merchant_id,
        Listing.channel_id == channel.id,
        Listing.shop_id.in_({item.ref.shop_id for item in items}),
    )
    return {(row.shop_id, row.shop_location) for row in session().execute(rows)}


def _list_known(
    channel: Channel, item: ShopItem, product_id: UUID | None, taken: ItemsTaken, *, does_apply: bool
) -> None:
    if product_id is None or session().get(Listing, (channel.merchant_id, channel.id, product_id)) is not None:
        taken.problem(item, f"Two items of the shop have the SKU {item.sku}: only the first stands for the product.")
        return
    taken.change(item, "listed", item.sells)
    if does_apply:
        listing = item_products.listing_of(channel, item, product_id)
        session().add(listing)
        session().flush()
        _compare(channel, listing, item)


def _compare(channel: Channel, listing: Listing, item: ShopItem) -> None:
    """Where the shop sells another number than we would show it, that is drift from the first."""
    (shown,) = levels(channel.merchant_id, channel_id=channel.id, product_ids=[listing.product_id])
    if shown.is_live and item.sells is not None and shown.level != item.sells:
        listing.drift_ours, listing.drift_theirs, listing.drift_since = shown.level, listing.shop_level, clock.now()
