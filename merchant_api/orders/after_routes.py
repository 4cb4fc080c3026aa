"""Endpoints of what comes after the sale: wishes to cancel, returns, the inventory log and what is owed."""

from typing import Any
from uuid import UUID

from flask import Blueprint
from sqlalchemy import Row

from merchant_api.core.actor import Actor
from merchant_api.core.http import endpoint
from merchant_api.core.paging import Page, PageIn, window
from merchant_api.orders import cancel_request, owed, records, returns
from merchant_api.orders.after_schemas import (
    AskCancelIn,
    Asking,
    GrantIn,
    OwedList,
    OwedListIn,
    OwedPageOut,
    RecordList,
    RecordListIn,
    RecordPageOut,
    RefuseCancelIn,
    Refusing,
    ReturnedOut,
    ReturnIn,
    Returning,
    ReturnPageOut,
)
from merchant_api.orders.cancel_request import Grant
from merchant_api.orders.returns import Returned, ReturnView
from merchant_api.orders.schemas import OrderOut
from merchant_api.orders.view import OrderView

after_sale = Blueprint("after_sale", __name__)
stock_of_orders = Blueprint("stock_of_orders", __name__)


@endpoint(
    after_sale, "POST", "/<uuid:order_id>/cancel-request", needs="orders.cancel", body=AskCancelIn, reply=OrderOut
)
def ask_to_cancel(merchant_id: UUID, order_id: UUID, body: Asking, actor: Actor) -> OrderView:
    """A customer asks to cancel after the window; the merchant answers before a deadline."""
    return cancel_request.ask(merchant_id, order_id, body.reason, actor)


@endpoint(
    after_sale, "POST", "/<uuid:order_id>/cancel-request/grant", needs="orders.decide", body=GrantIn, reply=OrderOut
)
def grant_cancel(merchant_id: UUID, order_id: UUID, body: Grant, actor: Actor) -> OrderView:
    """Cancel the order as the customer asked."""
    return cancel_request.grant(merchant_id, order_id, body, actor)


@endpoint(
    after_sale,
    "POST",
    "/<uuid:order_id>/cancel-request/refuse",
    needs="orders.decide",
    body=RefuseCancelIn,
    reply=OrderOut,
)
def refuse_cancel(merchant_id: UUID, order_id: UUID, body: Refusing, actor: Actor) -> OrderView:
    """Keep the order, though the customer asked to cancel it."""
    return cancel_request.refuse(merchant_id, order_id, body.note, actor)


@endpoint(
    after_sale,
    "POST",
    "/<uuid:order_id>/returns",
    needs="orders.fulfil",
    body=ReturnIn,
    reply=ReturnedOut,
    status=201,
)
def return_goods(merchant_id: UUID, order_id: UUID, body: Returning, actor: Actor) -> Returned:
    """Record what came back of a delivered order."""
    return returns.give_back(merchant_id, order_id, body.lines, actor)


@endpoint(after_sale, "GET", "/<uuid:order_id>/returns", needs="orders.read", query=PageIn, reply=ReturnPageOut)
def list_returns(merchant_id: UUID, order_id: UUID, query: dict[str, Any], actor: Actor) -> Page[ReturnView]:
    """What came back of an order, newest first."""
    return returns.of_order(merchant_id, order_id, window(**query), actor)


@endpoint(stock_of_orders, "GET", "/stock/records", needs="stock.read", query=RecordListIn, reply=RecordPageOut)
def list_records(merchant_id: UUID, query: RecordList, **_: object) -> Page[Row[Any]]:
    """The inventory log: a record for each line of a tracked product, the newest order first."""
    wanted = records.RecordsWanted(query.product, query.since, query.until)
    return records.page(merchant_id, wanted, window(query.limit, None).limit, query.cursor)


@endpoint(stock_of_orders, "GET", "/stock/owed", needs="stock.read", query=OwedListIn, reply=OwedPageOut)
def list_owed(merchant_id: UUID, query: OwedList, **_: object) -> Page[Row[Any]]:
    """Units that orders were promised and that are not there, the oldest promise first."""
    return owed.page(merchant_id, query.product, window(query.limit, query.cursor))
