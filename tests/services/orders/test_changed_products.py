"""Products change while orders are open: what was ordered finishes as it was recorded; the next order meets the new."""

import pytest

from merchant_api.catalog.models import Status
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.orders.money import pay
from merchant_api.orders.states import State
from merchant_api.orders.steps import decide, pickup
from tests.make.orders import place_one, settle_all
from tests.make.people import make_actor
from tests.make.stock import balances, make_product

SELLER = make_actor()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.ARCHIVED])
def test_open_orders_finish_whatever_happens_to_the_product(database, status):
    product = make_product(on_hand=1)
    order, name = place_one([(product, 3)]), product.name
    product.status, product.price, product.name, product.is_tracked = status, 1, "Renamed", False
    session().commit()

    decide.accept(order.merchant_id, order.id, decide.Accept(), SELLER)
    session().commit()
    pay.pay(order.merchant_id, order.id, pay.PaymentReport(Money(order.total, "NPR"), "ref-1"), SELLER)
    session().commit()
    settle_all(order)
    pickup.pick_up(order.merchant_id, order.id, pickup.HandOver(), SELLER)
    shown = pickup.deliver(order.merchant_id, order.id, pickup.HandOver(), SELLER)
    session().commit()

    assert shown.order.state is State.DELIVERED
    assert (shown.lines[0].row.name, shown.order.total) == (name, 450_000)
    assert balances(product) == (0, 0, 1)
