"""A product is instant or on request by its stock amount alone."""

from merchant_api.core.db import session
from merchant_api.orders.states import State
from merchant_api.stock.adjust import Level, set_available
from tests.make.orders import place_one
from tests.make.people import make_actor
from tests.make.snapshot import check_books
from tests.make.stock import make_product

SELLER = make_actor()


def test_setting_the_stock_amount_turns_a_request_product_into_an_instant_one_and_back(database):
    product = make_product(on_hand=0)

    states = []
    for level in (0, 5, 0):
        set_available(product.merchant_id, product.id, Level(level), SELLER)
        session().commit()
        states.append(place_one([(product, 1)]).state)

    assert states == [State.REQUESTED, State.CONFIRMED, State.REQUESTED]
    check_books(product.merchant_id)
