"""Endpoints that read orders; the rooms below join the blueprint with what changes them."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from merchant_api.core.actor import Actor
from merchant_api.core.endpoint import endpoint
from merchant_api.core.gate import SIGNED_IN
from merchant_api.core.paging import Page
from merchant_api.orders import find
from merchant_api.orders.schemas import HistoryListOut, OrderList, OrderListIn, OrderOut, OrderPageOut
from merchant_api.orders.view import OrderView

orders = Blueprint("orders", __name__)


my_orders = Blueprint("my_orders", __name__)


@endpoint(orders, "GET", "", needs="orders.read", query=OrderListIn, reply=OrderPageOut)
def list_orders(merchant_id: UUID, query: OrderList, actor: Actor) -> Page[OrderView]:
    """Orders of the merchant, newest first; customers see their own."""
    return find.page(merchant_id, query.state, query.at, actor)


@endpoint(orders, "GET", "/<uuid:order_id>", needs="orders.read", reply=OrderOut)
def get_order(merchant_id: UUID, order_id: UUID, actor: Actor) -> OrderView:
    """One order."""
    return find.order(merchant_id, order_id, actor)


@endpoint(orders, "GET", "/<uuid:order_id>/history", needs="orders.read", reply=HistoryListOut)
def get_history(merchant_id: UUID, order_id: UUID, actor: Actor) -> dict[str, Any]:
    """Every move of an order, oldest first."""
    return {"items": find.history(merchant_id, order_id, actor), "next": None}


@endpoint(my_orders, "GET", "/orders", needs=SIGNED_IN, query=OrderListIn, reply=OrderPageOut)
def list_my_orders(query: OrderList, actor: Actor) -> Page[OrderView]:
    """The person's own orders at every merchant, newest first."""
    return find.mine(actor, query.state, query.at)
