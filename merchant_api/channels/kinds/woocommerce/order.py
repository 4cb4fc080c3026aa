"""An order of the shop in our words.

What the shop has taken is never guessed from the status: each line keeps in `_reduced_stock` the units that the shop
holds taken for it now. Calls that cross may take them twice; the line then has several such rows, of which no more are
sold than were ordered. Failed orders and those in the bin keep what was taken.
"""

from datetime import datetime

from merchant_api.channels.kinds.woocommerce.families import Families
from merchant_api.channels.kinds.woocommerce.reading import at_least, is_broken, plain, stamp, unit_price
from merchant_api.channels.kinds.woocommerce.rest import Row
from merchant_api.channels.shop_orders import ShopCustomer, ShopLine, ShopOrder

TAKEN, RESTOCKED = "_reduced_stock", "_restock_refunded_items"
DRAFTS = frozenset({"checkout-draft", "auto-draft"})  # pages that somebody opened; kept in the default list
ENDED = frozenset({"completed", "cancelled", "refunded", "failed", "trash"})
TAKES = frozenset({"on-hold", "processing", "completed"})
FIELDS = (
    "id,number,status,currency,date_created_gmt,date_modified_gmt,date_paid_gmt,billing,shipping,line_items,refunds"
)


def read_order(row: Row, known: Families, refunded: dict[str, int], now: datetime) -> ShopOrder:
    """`refunded` are units that refunds took off each line."""
    status, currency, notes = str(row.get("status")), str(row.get("currency")), list[str]()
    lines = tuple(_line(line, known, refunded, row, notes) for line in row.get("line_items") or [])
    if status == "trash":
        notes.append("The order lies in the shop's bin; what it took was not given back.")
    if status == "failed" and any(line.taken for line in lines):
        notes.append("Its payment failed, and the shop keeps what it took.")
    return ShopOrder(
        str(row["id"]),
        f"#{row.get('number') or row['id']}",
        stamp(row.get("date_created_gmt")) or stamp(row.get("date_modified_gmt")) or now,
        currency,
        lines,
        _customer(row),
        is_paid=row.get("date_paid_gmt") is not None,
        is_open=status not in ENDED,
        is_delivered=status == "completed",
        notes=tuple(notes),
    )


def _line(line: Row, known: Families, refunded: dict[str, int], row: Row, notes: list[str]) -> ShopLine:
    key, name, quantity = str(line["id"]), plain(line.get("name")), max(at_least(line.get("quantity")), 0)
    rows = held(line)
    is_restocked = any(each.get("key") == RESTOCKED for each in line.get("meta_data") or [])
    taken = max(min(sum(rows), quantity), 0)
    if sum(rows) > quantity:
        more = sum(rows) - quantity
        notes.append(f"The shop took {sum(rows)} × {name} for {quantity} sold: its own level is {more} too low.")
    if not rows and not is_restocked and row.get("status") in TAKES:
        notes.append(f"The shop has taken no stock for {quantity} × {name}: it does not count it, or not yet.")
    if is_broken(line.get("quantity")):
        notes.append(f"The shop sold {line['quantity']} × {name}, which is read as {quantity}.")
    shop_id, sku = known.item(line)
    is_off = row.get("status") in ("cancelled", "refunded")
    cancelled = quantity if is_off else min(refunded.get(key, 0), quantity)
    price = unit_price(line.get("total"), line.get("quantity"), str(row.get("currency")))
    return ShopLine(key, shop_id, sku, name, quantity, taken, cancelled, price)


def held(line: Row) -> list[int]:
    """Units that the shop holds taken for a line; more rows than one where it took them more than once."""
    return [at_least(each.get("value")) for each in line.get("meta_data") or [] if each.get("key") == TAKEN]


def _customer(row: Row) -> ShopCustomer:
    places = [each for each in (row.get("billing"), row.get("shipping")) if isinstance(each, dict)]
    names = [f"{plain(each.get('first_name'))} {plain(each.get('last_name'))}".strip() for each in places]
    companies = [plain(each.get("company")) for each in places]
    return ShopCustomer(
        next(filter(None, names + companies), None),
        next(filter(None, (plain(each.get("email")) for each in places)), None),
        next(filter(None, (plain(each.get("phone")) for each in places)), None),
    )
