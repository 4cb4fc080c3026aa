"""Orders with their refunds: refunds of a line are resources of their own, asked for only where an order has some."""

from collections import Counter
from collections.abc import Sequence

from merchant_api.channels.kinds.woocommerce.families import families
from merchant_api.channels.kinds.woocommerce.order import DRAFTS, FIELDS, read_order
from merchant_api.channels.kinds.woocommerce.reading import at_least
from merchant_api.channels.kinds.woocommerce.rest import ROWS, Row, WooRest, odd, said
from merchant_api.channels.shop_orders import ShopOrder
from merchant_api.core import clock

OF_LINE = "_refunded_item_id"


def by_id(rest: WooRest, external_ids: Sequence[str]) -> list[ShopOrder]:
    """Orders as they are now, those in the bin too, which no list has: without those that were deleted for good."""
    ids = [int(each) for each in external_ids if each.isascii() and each.isdecimal()]
    if not ids:
        return []
    rows = rest.rows("/orders", {"include": ids, "per_page": ROWS, "_fields": FIELDS})
    missing = set(ids) - {row["id"] for row in rows}
    rows += [row for row in (_one(rest, each) for each in sorted(missing)) if row]
    known = families(rest, rows)
    return [read_order(row, known, refunded(rest, row), clock.now()) for row in rows if not is_draft(row)]


def is_draft(row: Row) -> bool:
    """Whether somebody only opened the checkout; it keeps its id when it is placed."""
    return row.get("status") in DRAFTS


def refunded(rest: WooRest, row: Row) -> dict[str, int]:
    """Units that were refunded, by the line; a refund of an amount names none."""
    if not row.get("refunds"):
        return {}
    units: Counter[str] = Counter()
    for refund in rest.rows(f"/orders/{row['id']}/refunds", {"per_page": ROWS, "_fields": "id,line_items"}):
        for line in refund.get("line_items") or []:
            of = [each.get("value") for each in line.get("meta_data") or [] if each.get("key") == OF_LINE]
            units[str(of[0] if of else "")] += abs(at_least(line.get("quantity")))
    return dict(units)


def _one(rest: WooRest, order_id: int) -> Row | None:
    answer = rest.ask("GET", f"/orders/{order_id}", {"_fields": FIELDS})
    if answer.status == 404 and said(answer)[0].endswith("_invalid_id"):
        return None
    row = answer.json() if answer.status == 200 else None
    if not isinstance(row, dict):
        raise odd(answer)
    return row
