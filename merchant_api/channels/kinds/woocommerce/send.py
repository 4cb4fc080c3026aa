"""Rows that are written: one by PUT, several by a batch of at most a hundred, each answered by itself.

A batch is no transaction and answers 200 whatever became of its rows; it does not validate them either (a word is
stored as 0), so only integers are sent. Where a batch breaks and the shop is alive, one of its rows breaks it: it is
halved until that one stands alone, so that it holds up none of the others.
"""

import json
from typing import Any

from merchant_api.channels.faults import ShopAway
from merchant_api.channels.kinds.woocommerce.rest import NO_ROUTE, Row, WooRest, odd, refusal, said
from merchant_api.channels.kinds.woocommerce.told import GONE, WooTold
from merchant_api.channels.shop_levels import Response
from merchant_api.channels.wire import ShopAnswer

FIELDS = "id,type,status,manage_stock,stock_quantity,stock_status"
CHARACTERS = 500
TOO_LARGE = 413


def send(rest: WooRest, path: str, bodies: list[Row]) -> dict[int, WooTold]:
    """What the shop says of each row, by its id. Raises what `ask` does, where it is the shop that fails."""
    try:
        told = _one(rest, path, bodies[0]) if len(bodies) == 1 else _batch(rest, path, bodies)
    except ShopAway as away:
        if away.status != 500:
            raise
        rest.rows("/products", {"per_page": 1, "_fields": "id"})  # raises where the shop fails in all
        told = None
        if len(bodies) == 1:
            return {bodies[0]["id"]: WooTold(Response(away.text, away.status))}
    if told is not None:
        return told
    middle = len(bodies) // 2
    return send(rest, path, bodies[:middle]) | send(rest, path, bodies[middle:])


def _one(rest: WooRest, path: str, body: Row) -> dict[int, WooTold]:
    own = body["id"]
    # `_fields` keeps the answer small; on a batch it would empty it.
    answer = rest.ask("PUT", f"{path}/{own}", {"_fields": FIELDS}, {key: body[key] for key in body if key != "id"})
    response = Response(answer.text[:CHARACTERS], answer.status)
    if answer.status == 200:
        row = answer.json()
        return {own: WooTold(response, row if isinstance(row, dict) and row.get("id") == own else None)}
    code, message = said(answer)
    if not code or code == NO_ROUTE:
        raise odd(answer)
    return {own: WooTold(response, None, code, message)}


def _batch(rest: WooRest, path: str, bodies: list[Row]) -> dict[int, WooTold] | None:
    """None: the shop takes fewer rows than these."""
    answer = rest.ask("POST", f"{path}/batch", None, {"update": bodies})
    if answer.status == TOO_LARGE:
        return None
    if answer.status != 200:
        return _all(answer, bodies)
    value = answer.json()
    rows = value.get("update") if isinstance(value, dict) else None
    given = {row["id"]: row for row in rows or [] if isinstance(row, dict) and isinstance(row.get("id"), int)}
    return {body["id"]: _told(given.get(body["id"])) for body in bodies}


def _all(answer: ShopAnswer, bodies: list[Row]) -> dict[int, WooTold]:
    """The product of all these variations is gone; raises for any other refusal."""
    code, message = said(answer)
    if not code.endswith(GONE):
        raise odd(answer)
    response = Response(answer.text[:CHARACTERS], answer.status)
    return {body["id"]: WooTold(response, None, code, message) for body in bodies}


def _told(row: Row | None) -> WooTold:
    if row is None:
        return WooTold(Response("The answer to the batch does not speak of it.", 200))
    if "error" not in row:
        shown = {name: row.get(name) for name in FIELDS.split(",")}
        return WooTold(Response(_text(shown), 200), row)
    code, message = refusal(row["error"])
    data: Any = row["error"].get("data") if isinstance(row["error"], dict) else None
    status = data.get("status") if isinstance(data, dict) else None
    return WooTold(Response(_text(row), status if isinstance(status, int) else None), None, code, message)


def _text(row: Row) -> str:
    return json.dumps(row, default=str)[:CHARACTERS]
