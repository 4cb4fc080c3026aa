"""Endpoints of the steps after placing: answers, cancelling, wishes to cancel, pickup, returns."""

from uuid import UUID

from flask import Blueprint

from merchant_api.core.actor import Actor
from merchant_api.core.endpoint import Shape, endpoint
from merchant_api.core.paging import Page, PageIn, Window
from merchant_api.orders.routes import orders
from merchant_api.orders.schemas import OrderOut
from merchant_api.orders.steps import allocate, cancel, cancel_request, decide, pickup, returns
from merchant_api.orders.steps.cancel_request import Grant
from merchant_api.orders.steps.returns import Returned, ReturnView
from merchant_api.orders.steps.schemas import (
    AcceptIn,
    AllocationIn,
    AskCancelIn,
    Asking,
    CancelIn,
    DeclineIn,
    FailIn,
    Failure,
    GrantIn,
    HandOverIn,
    RefuseCancelIn,
    Refusing,
    ReturnedOut,
    ReturnIn,
    Returning,
    ReturnPageOut,
)
from merchant_api.orders.view import OrderView

after_sale = Blueprint("after_sale", __name__)
_HANDS_OVER: Shape = {"body": HandOverIn, "may_be_left_out": True, "reply": OrderOut}


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
def list_returns(merchant_id: UUID, order_id: UUID, query: Window, actor: Actor) -> Page[ReturnView]:
    """What came back of an order, newest first."""
    return returns.of_order(merchant_id, order_id, query, actor)


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
def allocate_order(merchant_id: UUID, order_id: UUID, body: allocate.AllocationAsked, actor: Actor) -> OrderView:
    """Let a line's units come from another location or grade."""
    return allocate.allocate(merchant_id, order_id, body, actor)


@endpoint(orders, "POST", "/<uuid:order_id>/pickup", needs="orders.fulfil", **_HANDS_OVER)
def pick_up_order(merchant_id: UUID, order_id: UUID, body: pickup.HandOver, actor: Actor) -> OrderView:
    """The courier has it."""
    return pickup.pick_up(merchant_id, order_id, body, actor)


@endpoint(orders, "POST", "/<uuid:order_id>/deliver", needs="orders.fulfil", **_HANDS_OVER)
def deliver_order(merchant_id: UUID, order_id: UUID, body: pickup.HandOver, actor: Actor) -> OrderView:
    """The customer has it."""
    return pickup.deliver(merchant_id, order_id, body, actor)


@endpoint(orders, "POST", "/<uuid:order_id>/fail", needs="orders.fulfil", body=FailIn, reply=OrderOut)
def fail_order(merchant_id: UUID, order_id: UUID, body: Failure, actor: Actor) -> OrderView:
    """It could not be delivered and came back."""
    return pickup.fail(merchant_id, order_id, body.reason, actor)
