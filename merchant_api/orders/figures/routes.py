"""Endpoints that explain figures: why is it 7, the inventory log, what is owed."""

from typing import Any
from uuid import UUID

from flask import Blueprint
from sqlalchemy import Row

from merchant_api.core.endpoint import endpoint
from merchant_api.core.paging import Page
from merchant_api.orders.figures import explain as explaining
from merchant_api.orders.figures import owed, records
from merchant_api.orders.figures.explain import Explanation
from merchant_api.orders.figures.schemas import (
    ExplainIn,
    ExplanationOut,
    OwedList,
    OwedListIn,
    OwedPageOut,
    RecordList,
    RecordListIn,
    RecordPageOut,
)
from merchant_api.stock.sessions.trace import Where

explanations = Blueprint("explanations", __name__)


stock_of_orders = Blueprint("stock_of_orders", __name__)


@endpoint(
    explanations,
    "GET",
    "/availability/<uuid:product_id>/explain",
    needs="stock.read",
    query=ExplainIn,
    reply=ExplanationOut,
)
def explain_availability(merchant_id: UUID, product_id: UUID, query: Where, **_: object) -> Explanation:
    """Why is it 7? The chain of documents behind a product's figures."""
    return explaining.explain(merchant_id, product_id, query)


@endpoint(stock_of_orders, "GET", "/stock/records", needs="stock.read", query=RecordListIn, reply=RecordPageOut)
def list_records(merchant_id: UUID, query: RecordList, **_: object) -> Page[Row[Any]]:
    """The inventory log: a record for each line of a tracked product, the newest order first."""
    wanted = records.RecordsWanted(query.product, query.since, query.until)
    return records.page(merchant_id, wanted, query.at)


@endpoint(stock_of_orders, "GET", "/stock/owed", needs="stock.read", query=OwedListIn, reply=OwedPageOut)
def list_owed(merchant_id: UUID, query: OwedList, **_: object) -> Page[Row[Any]]:
    """Units that orders were promised and that are not there, the oldest promise first."""
    return owed.page(merchant_id, query.product, query.at)
