"""Endpoints of channels' orders: told by a call or by a signed event, listed, cancelled, solved."""

from uuid import UUID

from flask import Blueprint

from merchant_api.channels.once import once
from merchant_api.channels.sales import cancel, hear, known, report, show, solve
from merchant_api.channels.sales.cancel import CancelTold
from merchant_api.channels.sales.event_schemas import HeardOut, ShopEventIn
from merchant_api.channels.sales.report import OrderTold
from merchant_api.channels.sales.schemas import (
    SaleList,
    SaleListIn,
    SalePageOut,
    SaleStandsOut,
    ShopCancelIn,
    ShopOrderIn,
    SolveIn,
)
from merchant_api.channels.sales.settle import SaleStands
from merchant_api.channels.sales.show import SaleView
from merchant_api.channels.sales.solve import SaleSolution
from merchant_api.core.answer import Answer, Answered, Reply, rendered
from merchant_api.core.endpoint import Incoming, endpoint
from merchant_api.core.gate import SIGNED
from merchant_api.core.paging import Page, mapped
from merchant_api.core.replay import Claim

channel_orders = Blueprint("channel_orders", __name__)
channel_events = Blueprint("channel_events", __name__)


@endpoint(
    channel_orders, "GET", "/<uuid:channel_id>/orders", needs="channels.read", query=SaleListIn, reply=SalePageOut
)
def list_sales(merchant_id: UUID, channel_id: UUID, query: SaleList, **_: object) -> Page[SaleView]:
    """What the channel has sold, newest first; `state=parked` needs somebody."""
    return mapped(known.page(merchant_id, channel_id, query.state, query.at), show.view)


@endpoint(
    channel_orders,
    "POST",
    "/<uuid:channel_id>/orders",
    needs="channels.work",
    body=ShopOrderIn,
    reply=SaleStandsOut,
    status=201,
    also=(200,),
    opens_own=True,
)
def tell_sale(merchant_id: UUID, channel_id: UUID, body: OrderTold, claim: Claim | None, **_: object) -> Answered:
    """Tell of an order that the shop has sold: 201, or 200 with what became of it when it was told before."""
    return once(claim, lambda: _stands(report.report(merchant_id, channel_id, body)))


@endpoint(
    channel_orders,
    "POST",
    "/<uuid:channel_id>/orders/<path:external_id>/cancel",
    needs="channels.work",
    body=ShopCancelIn,
    may_be_left_out=True,
    reply=SaleStandsOut,
)
def cancel_sale(merchant_id: UUID, channel_id: UUID, external_id: str, body: CancelTold, **_: object) -> SaleStands:
    """Tell that an order was cancelled in the shop, whole or in part."""
    return cancel.cancel(merchant_id, channel_id, external_id, body)


@endpoint(
    channel_orders,
    "POST",
    "/<uuid:channel_id>/orders/<path:external_id>/solve",
    needs="channels.work",
    body=SolveIn,
    reply=SaleStandsOut,
    opens_own=True,
)
def solve_sale(
    merchant_id: UUID, channel_id: UUID, external_id: str, body: SaleSolution, claim: Claim | None, **_: object
) -> Answered:
    """Say which products the lines of a parked order are, or that it is to be left alone."""
    return once(claim, lambda: _stands(solve.solve(merchant_id, channel_id, external_id, body)))


@endpoint(
    channel_events,
    "POST",
    "/<uuid:merchant_id>/<uuid:channel_id>",
    needs=SIGNED,
    signed=ShopEventIn,
    reply=HeardOut,
    opens_own=True,
)
def hear_shop(merchant_id: UUID, channel_id: UUID, incoming: Incoming, **_: object) -> Answered:
    """Take a signed event of a web shop.

    Its body and its signature are those of the channel's kind. It is a hint: orders that it names are read from the
    shop at once. It may come twice, late and in any order. A signature that is missing or wrong gets 401.
    """
    return Answered(rendered(Reply({"orders": hear.hear(merchant_id, channel_id, incoming)}), HeardOut, 200))


def _stands(found: SaleStands) -> Answer:
    return rendered(Reply(found), SaleStandsOut, 201 if found.is_new else 200)
