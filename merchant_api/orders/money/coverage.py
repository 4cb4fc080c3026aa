"""Which ended orders stock would cover again, many at once and without locks: for showing, never for deciding."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from merchant_api.catalog.models import WhenShort
from merchant_api.core.db import session
from merchant_api.orders.models import Order, OrderLine
from merchant_api.orders.money.due_back import Standing
from merchant_api.orders.money.revivable import CannotRevive, needs, refusal
from merchant_api.orders.payment_models import Payment
from merchant_api.orders.place.ground import Ground, look
from merchant_api.orders.states import State, Verdict


def against(
    merchant_id: UUID, payments: Sequence[Payment], orders: Mapping[UUID, Order], standings: Mapping[UUID, Standing]
) -> dict[UUID, CannotRevive | None]:
    """What stands against reviving by each payment; an order that still awaits its money holds its units."""
    of_order: dict[UUID, list[Standing]] = {}
    for each in standings.values():
        of_order.setdefault(each.order_id, []).append(each)
    stands = {each.id: refusal(orders[each.order_id], each, of_order[each.order_id]) for each in payments}
    ended = {
        each.order_id
        for each in payments
        if stands[each.id] is None and orders[each.order_id].state is not State.AWAITING_PAYMENT
    }
    short = ended - covered(merchant_id, ended)
    missing = CannotRevive.INSUFFICIENT_STOCK
    return {each.id: stands[each.id] or (missing if each.order_id in short else None) for each in payments}


def covered(merchant_id: UUID, order_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the orders whose lines stock covers now, each looked at as if it were alone; two reads."""
    wanted = sorted(set(order_ids))
    if not wanted:
        return set()
    lines: dict[UUID, list[OrderLine]] = {}
    rows = select(OrderLine).where(OrderLine.merchant_id == merchant_id, OrderLine.order_id.in_(wanted))
    for line in session().execute(rows).scalars():
        lines.setdefault(line.order_id, []).append(line)
    ground = look(merchant_id, {line.product_id for some in lines.values() for line in some})
    return {order_id for order_id, some in lines.items() if _is_covered(some, ground)}


def _is_covered(lines: Sequence[OrderLine], ground: Ground) -> bool:
    routed = ground.route(needs(lines), None, WhenShort.REFUSE)  # from where units come does not matter here
    return all(verdict.verdict is Verdict.COVERED for verdict in routed.values())
