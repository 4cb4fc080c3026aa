"""Endpoints of placing: an order, and what can be chosen for one."""

from uuid import UUID

from merchant_api.catalog.find import ProductsWanted
from merchant_api.core.actor import Actor
from merchant_api.core.answer import Answer, Answered, Reply, rendered
from merchant_api.core.endpoint import endpoint
from merchant_api.core.paging import Page
from merchant_api.core.replay import Claim
from merchant_api.orders.place import choices
from merchant_api.orders.place.call import OrderAsked
from merchant_api.orders.place.one import answered, place_one
from merchant_api.orders.place.schemas import ChoiceList, ChoiceListIn, ChoicePageOut, OrderIn
from merchant_api.orders.routes import orders
from merchant_api.orders.schemas import OrderOut
from merchant_api.orders.view import OrderView


@endpoint(
    orders, "POST", "", needs="orders.place", body=OrderIn, reply=OrderOut, status=201, opens_own=True, limit="place"
)
def place_order(merchant_id: UUID, body: OrderAsked, actor: Actor, claim: Claim | None) -> Answered:
    """Place an order: confirmed at once where stock covers it, else a request, a backorder or a refusal."""
    return answered(place_one(merchant_id, body, actor, claim, _render))


# By the permission to read stock: who may order here includes customers, who see nobody's drafts or figures.
@endpoint(orders, "GET", "/choices", needs="stock.read", query=ChoiceListIn, reply=ChoicePageOut)
def list_choices(merchant_id: UUID, query: ChoiceList, actor: Actor) -> Page[choices.Choice]:
    """Products for an order on a customer's behalf, newest first: what can't be chosen is listed and says why."""
    wanted = ProductsWanted(None, query.q, query.category)
    return choices.page(merchant_id, wanted, query.quantity, query.at, actor)


def _render(shown: OrderView) -> Answer:
    return rendered(Reply(shown), OrderOut, 201)
