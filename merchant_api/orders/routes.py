"""Endpoints of orders."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from merchant_api.catalog.find import Wanted
from merchant_api.core import metrics
from merchant_api.core.actor import Actor
from merchant_api.core.errors import Refusal
from merchant_api.core.http import SIGNED_IN, Reply, endpoint, rendered
from merchant_api.core.paging import Page, window
from merchant_api.core.replay import Answer, Claim
from merchant_api.orders import allocate, cancel, choices, decide, find, pickup
from merchant_api.orders.ask import OrderAsked, placement
from merchant_api.orders.choice_schemas import ChoiceList, ChoiceListIn, ChoicePageOut
from merchant_api.orders.place import or_replayed, place
from merchant_api.orders.placement import Placed, Refused, Result
from merchant_api.orders.schemas import (
    AcceptIn,
    AllocationIn,
    CancelIn,
    DeclineIn,
    FailIn,
    Failure,
    HistoryListOut,
    OrderIn,
    OrderList,
    OrderListIn,
    OrderOut,
    OrderPageOut,
)
from merchant_api.orders.view import OrderView

orders = Blueprint("orders", __name__)
my_orders = Blueprint("my_orders", __name__)


@endpoint(orders, "POST", "", needs="orders.place", body=OrderIn, reply=OrderOut, status=201, opens_own=True)
def place_order(
    merchant_id: UUID, body: OrderAsked, actor: Actor, claim: Claim | None
) -> tuple[Answer, tuple[tuple[str, str], ...], bool]:
    """Place an order: confirmed at once where stock covers it, else a request, a backorder or a refusal."""

    def render(shown: OrderView) -> Answer:
        return rendered({"reply": OrderOut}, Reply(shown, status=201))

    result: Result
    try:
        result = place(merchant_id, [placement(merchant_id, body, actor, claim, render)])[0]
    except Refusal as refusal:  # what the order named may be gone by now, though the key was used while it was there
        result = or_replayed(Refused(refusal), claim)
    if isinstance(result, Refused):
        raise result.refusal
    if isinstance(result, Placed):
        metrics.orders_placed.labels(result.view.order.mode).inc()
        return result.answer or render(result.view), (), False
    return result.answer, (), True


@endpoint(orders, "GET", "", needs="orders.read", query=OrderListIn, reply=OrderPageOut)
def list_orders(merchant_id: UUID, query: OrderList, actor: Actor) -> Page[OrderView]:
    """Orders of the merchant, newest first; customers see their own."""
    return find.page(merchant_id, query.state, window(query.limit, query.cursor), actor)


# By the permission to read stock: who may order here includes customers, who see nobody's drafts or figures.
@endpoint(orders, "GET", "/choices", needs="stock.read", query=ChoiceListIn, reply=ChoicePageOut)
def list_choices(merchant_id: UUID, query: ChoiceList, actor: Actor) -> Page[choices.Choice]:
    """Products for an order on a customer's behalf, newest first: what can't be chosen is listed and says why."""
    wanted = Wanted(None, query.q, query.category)
    return choices.page(merchant_id, wanted, query.quantity, window(query.limit, query.cursor), actor)


@endpoint(orders, "GET", "/<uuid:order_id>", needs="orders.read", reply=OrderOut)
def get_order(merchant_id: UUID, order_id: UUID, actor: Actor) -> OrderView:
    """One order."""
    return find.order(merchant_id, order_id, actor)


@endpoint(orders, "GET", "/<uuid:order_id>/history", needs="orders.read", reply=HistoryListOut)
def get_history(merchant_id: UUID, order_id: UUID, actor: Actor) -> dict[str, Any]:
    """Every move of an order, oldest first."""
    return {"items": find.history(merchant_id, order_id, actor), "next": None}


@endpoint(orders, "POST", "/<uuid:order_id>/accept", needs="orders.decide", body=AcceptIn, reply=OrderOut)
def accept_order(merchant_id: UUID, order_id: UUID, body: decide.Accept, actor: Actor) -> OrderView:
    """Accept a request before its deadline."""
    return decide.accept(merchant_id, order_id, body, actor)


@endpoint(orders, "POST", "/<uuid:order_id>/decline", needs="orders.decide", body=DeclineIn, reply=OrderOut)
def decline_order(merchant_id: UUID, order_id: UUID, body: decide.Decline, actor: Actor) -> OrderView:
    """Decline a request, with a reason."""
    return decide.decline(merchant_id, order_id, body, actor)


@endpoint(orders, "POST", "/<uuid:order_id>/cancel", needs="orders.cancel", body=CancelIn, reply=OrderOut)
def cancel_order(merchant_id: UUID, order_id: UUID, body: cancel.Cancel, actor: Actor) -> OrderView:
    """Cancel an order before pickup."""
    return cancel.cancel(merchant_id, order_id, body, actor)


@endpoint(orders, "POST", "/<uuid:order_id>/allocate", needs="stock.edit", body=AllocationIn, reply=OrderOut)
def allocate_order(merchant_id: UUID, order_id: UUID, body: allocate.Allocation, actor: Actor) -> OrderView:
    """Let a line's units come from another location or grade."""
    return allocate.allocate(merchant_id, order_id, body, actor)


@endpoint(orders, "POST", "/<uuid:order_id>/pickup", needs="orders.fulfil", reply=OrderOut)
def pick_up_order(merchant_id: UUID, order_id: UUID, actor: Actor) -> OrderView:
    """The courier has it."""
    return pickup.pick_up(merchant_id, order_id, actor)


@endpoint(orders, "POST", "/<uuid:order_id>/deliver", needs="orders.fulfil", reply=OrderOut)
def deliver_order(merchant_id: UUID, order_id: UUID, actor: Actor) -> OrderView:
    """The customer has it."""
    return pickup.deliver(merchant_id, order_id, actor)


@endpoint(orders, "POST", "/<uuid:order_id>/fail", needs="orders.fulfil", body=FailIn, reply=OrderOut)
def fail_order(merchant_id: UUID, order_id: UUID, body: Failure, actor: Actor) -> OrderView:
    """It could not be delivered and came back."""
    return pickup.fail(merchant_id, order_id, body.reason, actor)


@endpoint(my_orders, "GET", "/orders", needs=SIGNED_IN, query=OrderListIn, reply=OrderPageOut)
def list_my_orders(query: OrderList, actor: Actor) -> Page[OrderView]:
    """The person's own orders at every merchant, newest first."""
    return find.mine(actor, query.state, window(query.limit, query.cursor))
