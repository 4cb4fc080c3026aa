"""All variants of a shop, page by page in the order of their ids, which is the one that stays.

A page begins with the last row of the one before: where that is not found, something was deleted and the rows have
moved up, and we go back until it, or one before it, is seen.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from merchant_api.channels.connector import ShopAccess
from merchant_api.channels.kinds.vendure import stock
from merchant_api.channels.kinds.vendure.admin_api import AdminApi
from merchant_api.channels.kinds.vendure.documents import READ_ITEMS
from merchant_api.channels.kinds.vendure.figures import money
from merchant_api.channels.kinds.vendure.stock import ShopPlaces
from merchant_api.channels.shop_items import ItemPage, ShopItem
from merchant_api.channels.shop_levels import ItemRef

PAGE = 200


def items(api: AdminApi, access: ShopAccess, cursor: str | None) -> ItemPage:
    """A page of what the shop sells. A cursor is how many rows came before, and the id of the last of them."""
    skip, last = _read_cursor(cursor)
    data, begins = _page(api, skip, last)
    rows = data["productVariants"]["items"]
    found = stock.places(data)
    fresh = [row for row in rows if last is None or _sorts(row["id"]) > _sorts(last)]
    of = int(data["productVariants"]["totalItems"])
    ends = begins + len(rows)
    more = f"{ends}:{rows[-1]['id']}" if rows and ends < of else None
    return ItemPage([_item(row, access, found) for row in fresh], more, of)


def _page(api: AdminApi, skip: int, last: str | None) -> tuple[dict[str, Any], int]:
    begins = max(0, skip - 1)
    while True:
        data = api.ask(READ_ITEMS, skip=begins, take=PAGE)
        rows: Sequence[Mapping[str, Any]] = data["productVariants"]["items"]
        if last is None or begins == 0 or (rows and _sorts(rows[0]["id"]) <= _sorts(last)):
            return data, begins
        begins = max(0, begins - PAGE + 1)


def _read_cursor(cursor: str | None) -> tuple[int, str | None]:
    if cursor is None:
        return 0, None
    skip, _, last = cursor.partition(":")
    return int(skip), last


def _sorts(shop_id: object) -> tuple[int, str]:
    """Ids are integers in text, unless the shop was made with others."""
    text = str(shop_id)
    return (int(text), "") if text.isdigit() else (0, text)


def _item(row: Mapping[str, Any], access: ShopAccess, found: ShopPlaces) -> ShopItem:
    product = row["product"]
    here = stock.at(row, found.place(access.location), found)
    currency = str(row["currencyCode"])
    price = money(int(row["priceWithTax"]), currency, found.digits)
    problems = [] if here.is_counted else [stock.NOT_COUNTED]
    if currency != access.currency:
        problems.append(f"Its price is in {currency} and not in {access.currency}: enter it here.")
    elif price is None:
        problems.append(f"{currency} has no such small units as its price in the shop: enter it here.")
    return ShopItem(
        ref=ItemRef(str(row["id"])),
        sku=row["sku"],
        name=str(row["name"] or product["name"]),
        price=price,
        sells=here.sells if here.is_counted else None,
        is_for_sale=bool(row["enabled"] and product["enabled"]),
        categories=[str(each["name"]) for each in product["collections"]],
        problems=problems,
    )
