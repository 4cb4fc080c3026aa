"""Variations of several products at once, by the newer list of all of them, or product by product.

`GET /products` does not list them. `GET /variations` does since WooCommerce 10; older shops say `rest_no_route`.
"""

from collections import defaultdict
from collections.abc import Iterable

from merchant_api.channels.kinds.woocommerce.rest import NO_ROUTE, ROWS, Row, WooRest, listed, said
from merchant_api.channels.kinds.woocommerce.woo_id import WooId


def read_variations(rest: WooRest, ids: Iterable[WooId], fields: str) -> dict[int, Row]:
    """Rows of variations by their id, without those that are gone or belong to another product."""
    wanted = {found.own: found.product for found in ids}
    rows = _by_list(rest, list(wanted), fields) if wanted else []
    if rows is None:
        rows = _by_product(rest, wanted, fields)
    return {row["id"]: row for row in rows if row.get("parent_id", wanted.get(row["id"])) == wanted.get(row["id"])}


def _by_list(rest: WooRest, ids: list[int], fields: str) -> list[Row] | None:
    found: list[Row] = []
    for start in range(0, len(ids), ROWS):
        page = page_of_all(rest, {"include": ids[start : start + ROWS], "_fields": fields + ",parent_id"})
        if page is None:
            return None
        found += page
    return found


def page_of_all(rest: WooRest, query: dict[str, object]) -> list[Row] | None:
    """A page of the list of all variations; None where the shop is too old to have it."""
    if rest.lists_variations is False:
        return None
    answer = rest.ask("GET", "/variations", {"per_page": ROWS, **query})
    rest.lists_variations = not (answer.status == 404 and said(answer)[0] == NO_ROUTE)
    return listed(answer) if rest.lists_variations else None


def _by_product(rest: WooRest, wanted: dict[int, int], fields: str) -> list[Row]:
    families: dict[int, list[int]] = defaultdict(list)
    for variation, product in wanted.items():
        families[product].append(variation)
    found: list[Row] = []
    for product, ids in families.items():
        query = {"include": ids, "per_page": ROWS, "_fields": fields}
        answer = rest.ask("GET", f"/products/{product}/variations", query)
        gone = answer.status == 404 and said(answer)[0].endswith("_invalid_id")
        found += [] if gone else listed(answer)
    return found
