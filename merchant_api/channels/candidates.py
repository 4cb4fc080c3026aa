"""Which items of a shop stand for which of our products, by SKU: trimmed, in any case; a page of the shop at a time.

Nothing is guessed: where several products have the SKU of an item, or several items that of a product, people choose.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import or_, select

from merchant_api.catalog.models import Product
from merchant_api.channels.models import Listing
from merchant_api.channels.shop_items import ItemPage, ShopItem
from merchant_api.channels.shop_levels import ItemRef
from merchant_api.channels.told import readable, readable_or_none
from merchant_api.core.db import session
from merchant_api.core.names import key

LONGEST, LONGEST_CURSOR = 200, 4_000
NO_SKU = "The item has no SKU: list its product by hand."
UNKNOWN = "No product of ours has this SKU."
SEVERAL_ITEMS = "Several items of the shop have this SKU: list the right one by hand."
SEVERAL_PRODUCTS = "Several of our products have this SKU: list the right one by hand."
LISTED = "The product with this SKU is listed as another item of the shop."


@dataclass(frozen=True, slots=True)
class CandidateProduct:
    """A product that an item may stand for; `listed_as` which item, where it is listed on this channel."""

    product_id: UUID
    sku: str
    name: str
    listed_as: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item and the products with its SKU; `listed_product_id` where it is listed, `why` where it is unclear."""

    shop_id: str
    shop_location: str | None
    sku: str | None
    name: str
    sells: int | None
    listed_product_id: UUID | None
    products: Sequence[CandidateProduct]
    why: str | None

    @property
    def is_clear(self) -> bool:
        """Whether it stands for one product beyond doubt, and is not listed yet."""
        return self.listed_product_id is None and self.why is None


def plain(page: ItemPage) -> ItemPage:
    """A page as it can be stored and shown; raises as anything does that is of another type than it says."""
    cursor = None if page.cursor is None else readable(page.cursor, LONGEST_CURSOR)
    return ItemPage([_plain(item) for item in page.items], cursor, None if page.of is None else int(page.of))


def judged(merchant_id: UUID, channel_id: UUID, items: Sequence[ShopItem]) -> list[Candidate]:
    """What each item stands for."""
    keys = {number: key(item.sku) for number, item in enumerate(items) if item.sku and key(item.sku)}
    products = _products(merchant_id, set(keys.values()))
    known = [product for some in products.values() for product in some]
    by_item, by_product = _listed(merchant_id, channel_id, items, [product.id for product in known])
    times = Counter(keys.values())
    found = []
    for number, item in enumerate(items):
        some = [
            CandidateProduct(product.id, product.sku, product.name, by_product.get(product.id))
            for product in products.get(keys.get(number, ""), [])
        ]
        listed = by_item.get((item.ref.shop_id, item.ref.location))
        why = None if listed else _unclear(keys.get(number), some, times)
        ref = (item.ref.shop_id, item.ref.location)
        found.append(Candidate(*ref, item.sku, item.name, item.sells, listed, some, why))
    return found


def _plain(item: ShopItem) -> ShopItem:
    return replace(
        item,
        ref=ItemRef(readable(item.ref.shop_id), readable_or_none(item.ref.location)),
        sku=readable_or_none(item.sku, LONGEST),
        name=readable(item.name, LONGEST),
        sells=None if item.sells is None else int(item.sells),
    )


def _unclear(sku: str | None, products: Sequence[CandidateProduct], times: Mapping[str, int]) -> str | None:
    if sku is None:
        return NO_SKU
    if not products:
        return UNKNOWN
    if len(products) > 1:
        return SEVERAL_PRODUCTS
    if times[sku] > 1:
        return SEVERAL_ITEMS
    return LISTED if products[0].listed_as is not None else None


def _products(merchant_id: UUID, keys: set[str]) -> dict[str, list[Product]]:
    rows = select(Product).where(Product.merchant_id == merchant_id, Product.sku_key.in_(sorted(keys)))
    found: dict[str, list[Product]] = {}
    for product in session().execute(rows.order_by(Product.sku)).scalars():
        found.setdefault(product.sku_key or "", []).append(product)
    return found


def _listed(
    merchant_id: UUID, channel_id: UUID, items: Sequence[ShopItem], product_ids: Sequence[UUID]
) -> tuple[dict[tuple[str, str | None], UUID], dict[UUID, str]]:
    """Which products these items are listed for, and as which items these products are listed."""
    shop_ids = sorted({item.ref.shop_id for item in items})
    rows = select(Listing.shop_id, Listing.shop_location, Listing.product_id).where(
        Listing.merchant_id == merchant_id,
        Listing.channel_id == channel_id,
        or_(Listing.shop_id.in_(shop_ids), Listing.product_id.in_(sorted(product_ids))),
    )
    found = session().execute(rows).all()
    return {(row[0], row[1]): row[2] for row in found}, {row[2]: row[0] for row in found}
