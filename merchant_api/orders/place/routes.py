"""Endpoints of placing: an order, and what can be chosen for one."""

from uuid import UUID

from merchant_api.catalog.find import Wanted
from merchant_api.core import metrics
from merchant_api.core.actor import Actor
from merchant_api.core.errors import Refusal
from merchant_api.core.http import Reply, endpoint, rendered
from merchant_api.core.paging import Page
from merchant_api.core.replay import Answer, Claim
from merchant_api.orders.place import choices
from merchant_api.orders.place.call import OrderAsked, placement
from merchant_api.orders.place.place import or_replayed, place
from merchant_api.orders.place.placement import Placed, Refused, Result
from merchant_api.orders.place.schemas import ChoiceList, ChoiceListIn, ChoicePageOut, OrderIn
from merchant_api.orders.routes import orders
from merchant_api.orders.schemas import OrderOut
from merchant_api.orders.view import OrderView


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


# By the permission to read stock: who may order here includes customers, who see nobody's drafts or figures.
@endpoint(orders, "GET", "/choices", needs="stock.read", query=ChoiceListIn, reply=ChoicePageOut)
def list_choices(merchant_id: UUID, query: ChoiceList, actor: Actor) -> Page[choices.Choice]:
    """Products for an order on a customer's behalf, newest first: what can't be chosen is listed and says why."""
    wanted = Wanted(None, query.q, query.category)
    return choices.page(merchant_id, wanted, query.quantity, query.at, actor)
