"""Many clients, orders of several lines, products in any order: no deadlock, no 5xx, and the books agree."""

import random
from collections import Counter
from functools import partial

from sqlalchemy import event

from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import db, in_transaction, session
from merchant_api.core.tenancy import of
from merchant_api.orders.due import settle_stock
from merchant_api.stock import settle
from tests.make.people import make_customer, make_member, make_merchant
from tests.make.stock import balances, make_product
from tests.make.tokens import bearer, make_token
from tests.races.rivals import at_once, deadlocks

CLIENTS, ORDERS, PRODUCTS = 16, 20, 10
STEPS = [("cancel", {"reason": "no"}), ("accept", {}), ("decline", {"reason": "closed"})]


def test_three_line_orders_over_ten_products_never_deadlock(crowd):
    merchant = make_merchant(unpaid_orders_cap=0)
    products = [make_product(merchant, on_hand=150) for _ in range(PRODUCTS)]
    seller = bearer(make_token(make_member(merchant)))
    buyers = [bearer(make_token(make_customer(merchant))) for _ in range(CLIENTS)]
    broken = []
    event.listen(db.engine, "handle_error", lambda told: broken.append(str(told.original_exception)))

    def shops(number):
        return lambda: shop_a_while(crowd, merchant.id, products, (buyers[number], seller), random.Random(number))

    works = [*(shops(number) for number in range(CLIENTS)), *([lambda: settle_a_while(merchant.id)] * 2)]

    told = sum(at_once(crowd, works), Counter())

    assert set(told) <= {201, 200, 409}
    assert told[201] == CLIENTS * ORDERS
    assert broken == []
    assert deadlocks() == 0
    assert all(0 <= held <= on_hand for on_hand, held, _ in map(balances, products))


def shop_a_while(app, merchant_id, products, who, chance):
    """Place orders of three lines; then cancel, accept or decline every third of them."""
    client, url, told = app.test_client(), f"/v1/merchants/{merchant_id}/orders", Counter()
    buyer, seller = who
    for number in range(ORDERS):
        lines = [
            {"product_id": str(product.id), "quantity": chance.randint(1, 4)} for product in chance.sample(products, 3)
        ]
        placed = client.post(url, json={"lines": lines}, headers=buyer)
        told[placed.status_code] += 1
        if number % 3 == 0:
            step, body = chance.choice(
                [("cancel", {"reason": "no"}), ("accept", {}), ("decline", {"reason": "closed"})]
            )
            answer = client.post(f"{url}/{placed.json['id']}/{step}", json=body, headers=seller)
            told[answer.status_code] += 1
    return told


def settle_a_while(merchant_id):
    """Run the job that settles again and again beside them."""
    for _ in range(3 * ORDERS):
        due = settle.DUE.ids(merchant_id, clock.now(), 50)
        session().rollback()
        in_transaction(partial(settle_stock.run, merchant_id, due, job("tests")), of(merchant_id))
    return Counter()
