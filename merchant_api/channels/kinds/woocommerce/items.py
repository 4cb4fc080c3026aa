"""What the shop sells, for a first import and for finding what belongs together: products, then variations.

The list of products does not have variations. They come by the list of all of them, or, from older shops, by each
product that has some. A variation that sells from its parent's stock is no item, the parent is; one without a SKU of
its own shows its parent's, which would match twice, and is told to have none.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from merchant_api.channels.kinds.woocommerce.item import of_product, of_variation
from merchant_api.channels.kinds.woocommerce.pages import Walked, walk
from merchant_api.channels.kinds.woocommerce.rest import ROWS, Row, WooRest
from merchant_api.channels.kinds.woocommerce.variations import page_of_all
from merchant_api.channels.shop_items import ItemPage, ShopItem

STOCK = "id,sku,status,price,manage_stock,stock_quantity,backorders"
PRODUCT = STOCK + ",name,type,categories"
VARIATION = STOCK + ",attributes,parent_id"
PARENT = "id,name,sku,status,categories"
ORDER = {"orderby": "id", "order": "asc"}
FAMILIES = 10  # products whose variations an older shop is asked for in one page


@dataclass(frozen=True, slots=True)
class Walk:
    """Where the walk through a shop's items is; its currency and number of products are asked for once."""

    currency: str
    of: int | None = None
    phase: str = "products"
    offset: int = 0
    last_id: int = 0


def page(rest: WooRest, cursor: str | None) -> ItemPage:
    """The next page; a cursor may be kept as long as one likes."""
    at = Walk(**json.loads(cursor)) if cursor else _begin(rest)
    if at.phase == "products":
        return _products(rest, at)
    return (_variations(rest, at) if at.phase == "variations" else None) or _families(rest, at)


def _begin(rest: WooRest) -> Walk:
    found = rest.one("/settings/general/woocommerce_currency").get("value")
    currency = found if isinstance(found, str) and len(found) == 3 else rest.access.currency
    answer = rest.ask("GET", "/products", {"per_page": 1, "_fields": "id"})
    total = answer.headers.get("x-wp-total", "")
    return Walk(currency, int(total) if total.isdecimal() else None)


def _products(rest: WooRest, at: Walk) -> ItemPage:
    def fetch(offset: int, size: int) -> list[Row]:
        return rest.rows("/products", {**ORDER, "offset": offset, "per_page": size, "_fields": PRODUCT})

    walked = walk(fetch, at.offset, at.last_id, ROWS)
    found = (of_product(row, at.currency) for row in walked.rows)
    return _page(at, walked, (item for item in found if item), Walk(at.currency, at.of, "variations"))


def _variations(rest: WooRest, at: Walk) -> ItemPage | None:
    """By the list of all of them; None where the shop is too old to have it."""

    def fetch(offset: int, size: int) -> list[Row]:
        return page_of_all(rest, {**ORDER, "offset": offset, "per_page": size, "_fields": VARIATION}) or []

    walked = walk(fetch, at.offset, at.last_id, ROWS)
    if rest.lists_variations is False:
        return None
    parents = _parents(rest, {row["parent_id"] for row in walked.rows})
    found = (of_variation(row, parents.get(row["parent_id"]), at.currency) for row in walked.rows)
    return _page(at, walked, (item for item in found if item), None)


def _parents(rest: WooRest, ids: set[int]) -> dict[int, Row]:
    query = {"include": sorted(ids), "per_page": ROWS, "_fields": PARENT}
    return {row["id"]: row for row in rest.rows("/products", query)} if ids else {}


def _families(rest: WooRest, at: Walk) -> ItemPage:
    def fetch(offset: int, size: int) -> list[Row]:
        query = {**ORDER, "type": "variable", "offset": offset, "per_page": size, "_fields": PARENT}
        return rest.rows("/products", query)

    walked = walk(fetch, at.offset, at.last_id, FAMILIES)
    found = (
        of_variation({**row, "parent_id": parent["id"]}, parent, at.currency)
        for parent in walked.rows
        for row in _of_product(rest, parent["id"])
    )
    return _page(replace(at, phase="families"), walked, (item for item in found if item), None)


def _of_product(rest: WooRest, product: int) -> list[Row]:
    def fetch(offset: int, size: int) -> list[Row]:
        query = {**ORDER, "offset": offset, "per_page": size, "_fields": VARIATION}
        return rest.rows(f"/products/{product}/variations", query)

    found: list[Row] = []
    walked = Walked([], 0, 0, is_end=False)
    while not walked.is_end:
        walked = walk(fetch, walked.offset, walked.last_id, ROWS)
        found += walked.rows
    return found


def _page(at: Walk, walked: Walked, items: Iterable[ShopItem], then: Walk | None) -> ItemPage:
    further = then if walked.is_end else replace(at, offset=walked.offset, last_id=walked.last_id)
    return ItemPage(tuple(items), json.dumps(asdict(further)) if further else None, at.of)
