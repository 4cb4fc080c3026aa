"""Our orders of a sale, locked in the order of their ids, paid and delivered as the shop says; what can't be taken."""

from collections.abc import Sequence
from uuid import UUID

from merchant_api.channels.sales.applied import AppliedSale
from merchant_api.channels.sales.plan import LineWish
from merchant_api.channels.sales.source import Source
from merchant_api.channels.sales.take import reference
from merchant_api.channels.shop_orders import ShopOrder
from merchant_api.core.columns import LARGEST_QUANTITY
from merchant_api.core.money import LARGEST
from merchant_api.orders import move
from merchant_api.orders.models import Order
from merchant_api.orders.money.pay import PaymentReport, pay
from merchant_api.orders.move import Locked
from merchant_api.orders.states import ENDED_UNDELIVERED, State
from merchant_api.orders.steps.pickup import HandOver, deliver

BY_HAND = "change the stock by hand, then ignore the order and say why."


def orders_of(source: Source, applied: AppliedSale) -> dict[UUID, Locked]:
    """Lock our orders of a sale."""
    ids = [order_id for order_id, _ in applied.orders]
    return {each.order.id: each for each in move.lock_many(source.merchant_id, Order.id.in_(ids))} if ids else {}


def follow(source: Source, order: ShopOrder, applied: AppliedSale) -> None:
    """What the shop was paid is paid, and what it is done with is delivered; what was owed went out all the same."""
    if not (order.is_paid or order.is_delivered):
        return
    external_ids = dict(applied.orders)
    for ours in (each.order for each in orders_of(source, applied).values()):
        if order.is_paid and ours.left_to_pay and ours.state not in ENDED_UNDELIVERED:
            report = PaymentReport(ours.left_to_pay_money, reference(source, external_ids[ours.id]))
            pay(source.merchant_id, ours.id, report, source.actor)
        if order.is_delivered and ours.state is State.CONFIRMED:
            deliver(source.merchant_id, ours.id, HandOver(also_owed=True), source.actor)


def problems_of(source: Source, order: ShopOrder, takes: Sequence[LineWish]) -> list[str]:
    """Why units can't be taken although it is known of what: sentences that say what to do."""
    keys = {each.key for each in takes}
    prices = [(n, line.unit_price) for n, line in enumerate(order.lines, 1) if line.key in keys and line.unit_price]
    strange = {order.currency, *(price.currency for _, price in prices)} - {source.currency}
    if strange:
        theirs = ", ".join(sorted(strange))
        return [f"It is in {theirs}, and this merchant sells in {source.currency}: {BY_HAND}"]
    too_many = [n for n, line in enumerate(order.lines, 1) if line.key in keys and line.taken > LARGEST_QUANTITY]
    return [f"Line {number} has more units than can be: {BY_HAND}" for number in too_many] + [
        f"Line {number} has a price that can't be: {BY_HAND}"
        for number, price in prices
        if not 0 <= price.amount <= LARGEST
    ]
