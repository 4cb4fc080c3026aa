"""What the stand-in answers at each path."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.channels.woocommerce.stand_in_catalog import Thing
from tests.channels.woocommerce.stand_in_php import Refusal, Row, asked, cut, included, page_of

if TYPE_CHECKING:
    from tests.channels.woocommerce.stand_in import FakeWoo

Answered = tuple[Any, dict[str, str]]
Query = dict[str, str]


def front(shop: "FakeWoo", query: Query, _: Any) -> Answered:
    return cut({"name": "Shop &amp; Co", "url": shop.url, "namespaces": list(shop.namespaces)}, query), {}


def system_status(shop: "FakeWoo", query: Query, _: Any) -> Answered:
    environment = {"version": shop.version, "wp_cron": shop.wp_cron}
    settings = {"currency": shop.currency, "number_of_decimals": shop.book.decimals}
    return cut({"environment": environment, "settings": settings, "database": {}}, query), {}


def manage_stock(shop: "FakeWoo", *_: Any) -> Answered:
    return {"id": "woocommerce_manage_stock", "value": "yes" if shop.catalog.counts else "no"}, {}


def currency(shop: "FakeWoo", *_: Any) -> Answered:
    return {"id": "woocommerce_currency", "value": shop.currency}, {}


def _listed(shop: "FakeWoo", things: list[Thing], query: Query) -> Answered:
    wanted = included(query)
    found = [
        each
        for each in things
        if each.status != "trash"
        and (wanted is None or each.id in wanted)
        and query.get("type", each.type) == each.type
        and ("modified_after" not in query or each.modified > asked(query["modified_after"]))
    ]
    found.sort(key=lambda each: each.id, reverse=query.get("order", "desc") == "desc")
    rows = [shop.catalog.row(each) for each in found]
    return page_of(rows, query), {"X-WP-Total": str(len(rows))}


def products(shop: "FakeWoo", query: Query, _: Any) -> Answered:
    return _listed(shop, [each for each in shop.catalog.things.values() if not each.parent], query)


def all_variations(shop: "FakeWoo", query: Query, _: Any) -> Answered:
    if int(shop.version.partition(".")[0]) < 10:
        raise Refusal(404, "rest_no_route")
    return _listed(shop, [each for each in shop.catalog.things.values() if each.parent], query)


def variations(shop: "FakeWoo", query: Query, _: Any, parent: int) -> Answered:
    if parent not in shop.catalog.things:
        raise Refusal(404, "woocommerce_rest_product_invalid_id", "Invalid ID.")
    rows, headers = _listed(shop, [each for each in shop.catalog.things.values() if each.parent == parent], query)
    return [{name: row[name] for name in row if name != "parent_id"} for row in rows], headers


def _own(shop: "FakeWoo", id_: int, parent: int, status: int) -> Thing:
    thing = shop.catalog.things.get(id_)
    if id_ in shop.breaks_on:
        raise Refusal(500, "internal_server_error", "There has been a critical error on this website.")
    if thing is None or (parent and thing.parent != parent):
        kind = "product_variation" if parent else "product"
        raise Refusal(status, f"woocommerce_rest_{kind}_invalid_id", "Invalid ID.")
    if thing.parent and not parent:
        raise Refusal(404, "woocommerce_rest_invalid_product_id", "To manipulate product variations ...")
    return thing


def put_product(shop: "FakeWoo", query: Query, body: Row, id_: int) -> Answered:
    return cut(shop.catalog.write(_own(shop, id_, 0, 400), body, is_checked=True), query), {}


def put_variation(shop: "FakeWoo", query: Query, body: Row, parent: int, id_: int) -> Answered:
    return cut(shop.catalog.write(_own(shop, id_, parent, 404), body, is_checked=True), query), {}


def batch(shop: "FakeWoo", _: Query, body: Row, parent: int = 0) -> Answered:
    """Row by row, in order: a refusal stands in the row's place; nothing is checked before it is stored."""
    rows = body.get("update", [])
    if len(rows) > shop.batch_limit:
        raise Refusal(413, "woocommerce_rest_request_entity_too_large", "Unable to accept more than 100 items.")
    done = []
    for row in rows:
        try:
            done.append(shop.catalog.write(_own(shop, row["id"], parent, 400), row, is_checked=False))
        except Refusal as refusal:
            if refusal.status == 500:
                raise
            done.append({"id": row["id"], "error": refusal.row})
    return {"update": done} if rows else [], {}


Run = Callable[..., Answered]
ROUTES: list[tuple[str, str, Run]] = [
    ("GET", r"/wp-json/", front),
    ("GET", r"/system_status", system_status),
    ("GET", r"/settings/products/woocommerce_manage_stock", manage_stock),
    ("GET", r"/settings/general/woocommerce_currency", currency),
    ("GET", r"/products", products),
    ("GET", r"/variations", all_variations),
    ("GET", r"/products/(\d+)/variations", variations),
    ("PUT", r"/products/(\d+)", put_product),
    ("PUT", r"/products/(\d+)/variations/(\d+)", put_variation),
    ("POST", r"/products/batch", batch),
    ("POST", r"/products/(\d+)/variations/batch", batch),
]
