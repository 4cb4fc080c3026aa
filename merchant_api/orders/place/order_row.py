"""The rows of a new order and its lines, as they are before it stands anywhere; what is not named is null."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from merchant_api.accounts.models import Terms
from merchant_api.catalog.models import Fulfilment
from merchant_api.core.ids import new_code, new_id
from merchant_api.orders.models import Order, OrderLine
from merchant_api.orders.place.ground import Ground, Item
from merchant_api.orders.place.limits import check_total
from merchant_api.orders.place.placement import LineWanted, Placement
from merchant_api.orders.route import Routed
from merchant_api.orders.states import Verdict
from merchant_api.shop.mode import Mode


def order_row(placement: Placement, ground: Ground, terms: Terms, mode: str, at: datetime) -> Order:
    """An order without a state: it is entered by move.py. Raises TooExpensive."""
    total = sum(price_of(line, ground.items[line.product_id]) * line.quantity for line in placement.lines)
    check_total(total)
    return Order(
        merchant_id=ground.book.merchant_id,
        id=new_id(),
        code=new_code(),
        seq=0,
        mode=mode,
        customer_id=placement.customer.person_id,
        customer_name=placement.customer.name,
        placed_by=placement.actor.stamp(),
        payment_terms=terms,
        currency=ground.policy.currency,
        total=total,
        paid=total if terms is Terms.PREPAID else 0,
        parked=0,
        parked_sum=0,
        note=placement.note,
        deliver_to=None if placement.deliver_to is None else dict(placement.deliver_to),
        placed_at=at,
        returned_value=0,
        refunded=0,
        disputes=0,
        disputed=0,
        origin_kind=placement.origin.kind,
        channel_id=placement.origin.channel_id,
        external_id=placement.origin.external_id,
    )


def mode_of(verdicts: set[Verdict], items: Iterable[Item]) -> Mode:
    """The mode of an order of these products whose lines got these verdicts, none of them `refuse`."""
    if Verdict.ASK in verdicts:
        return Mode.ON_REQUEST
    if Verdict.BACKORDER in verdicts:
        return Mode.BACKORDER
    return Mode.INSTANT if any(item.shelf.is_tracked for item in items) else Mode.UNTRACKED


def line_rows(order_id: UUID, placement: Placement, ground: Ground, routed: dict[int, Routed]) -> list[OrderLine]:
    """The order's lines, in the order in which they were asked for."""
    return [_line(order_id, number, placement, ground, routed[number]) for number in range(len(placement.lines))]


def _line(order_id: UUID, number: int, placement: Placement, ground: Ground, routed: Routed) -> OrderLine:
    wanted = placement.lines[number]
    item = ground.items[wanted.product_id]
    return OrderLine(
        merchant_id=ground.book.merchant_id,
        order_id=order_id,
        line=number,
        product_id=item.product_id,
        sku=item.sku,
        name=item.name,
        quantity=wanted.quantity,
        unit_price=price_of(wanted, item),
        fulfilment=Fulfilment.NONE if placement.is_fact else item.fulfilment,  # the shop sends it, no courier of ours
        is_tracked=item.shelf.is_tracked,
        location_id=wanted.location_id,
        grade_id=wanted.grade_id,
        verdict=routed.verdict,
        verdict_code=routed.reason.code,
        verdict_figures=dict(routed.reason.figures),
        promised=0,
        cancelled=0,
        returned=0,
        guests=list(wanted.guests) if item.is_registration else None,
    )


def price_of(line: LineWanted, item: Item) -> int:
    """What one unit costs, in minor units: as a seller set it, else the product's price."""
    return item.price if line.unit_price is None else line.unit_price.amount
