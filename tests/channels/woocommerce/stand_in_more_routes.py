"""What the stand-in answers of orders and webhooks."""

from typing import TYPE_CHECKING, Any

from tests.channels.woocommerce.stand_in_php import Refusal, Row, asked, cut, included, page_of
from tests.channels.woocommerce.stand_in_routes import ROUTES, Answered, Query

if TYPE_CHECKING:
    from tests.channels.woocommerce.stand_in import FakeWoo


def orders(shop: "FakeWoo", query: Query, _: Any) -> Answered:
    """Drafts of the checkout are listed, the bin only when it is asked for; totals end with the last page."""
    wanted, status = included(query), query.get("status", "any")
    found = [
        each
        for each in shop.book.orders.values()
        if (each.status != "trash" if status == "any" else each.status == status)
        and (wanted is None or each.id in wanted)
        and ("modified_after" not in query or each.modified > asked(query["modified_after"]))
        and ("after" not in query or each.created > asked(query["after"]))
    ]
    by_change = query.get("orderby") == "modified"
    found.sort(key=lambda each: (each.modified if by_change else each.created, each.id))
    if query.get("order", "desc") == "desc":
        found.reverse()
    rows = page_of([shop.book.row(each) for each in found], query)
    return rows, {"X-WP-Total": str(len(found) if rows else 0)}


def order(shop: "FakeWoo", query: Query, _: Any, id_: int) -> Answered:
    if id_ not in shop.book.orders:
        raise Refusal(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")
    return cut(shop.book.row(shop.book.orders[id_]), query), {}


def refunds(shop: "FakeWoo", query: Query, _: Any, id_: int) -> Answered:
    return page_of(shop.book.orders[id_].refunds, query), {}


def webhooks(shop: "FakeWoo", query: Query, _: Any) -> Answered:
    return page_of(shop.hooks.shown(), query), {}


def create_webhook(shop: "FakeWoo", _: Query, body: Row) -> Answered:
    made = shop.hooks.create(body)
    return {name: made[name] for name in made if name != "secret"}, {}


def delete_webhook(shop: "FakeWoo", query: Query, _: Any, id_: int) -> Answered:
    if query.get("force") != "true":
        raise Refusal(501, "woocommerce_rest_trash_not_supported", "Webhooks do not support trashing.")
    return shop.hooks.rows.pop(id_), {}


ROUTES += [
    ("GET", r"/orders", orders),
    ("GET", r"/orders/(\d+)", order),
    ("GET", r"/orders/(\d+)/refunds", refunds),
    ("GET", r"/webhooks", webhooks),
    ("POST", r"/webhooks", create_webhook),
    ("DELETE", r"/webhooks/(\d+)", delete_webhook),
]
