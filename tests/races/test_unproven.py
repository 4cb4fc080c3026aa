"""One who is new and orders many times at once gets no more than one after the other; he waits, and is not refused."""

from collections import Counter

import pytest

from merchant_api.accounts.models import Customer, Terms
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.orders import buyers
from merchant_api.orders.money import pay
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import Placed
from merchant_api.orders.steps import cancel
from tests.make.orders import place_one, wanted
from tests.make.people import make_actor, make_merchant
from tests.make.stock import balances, make_product
from tests.races.rivals import at_once, in_own


def outcome(result):
    return result.view.order.state.value if isinstance(result, Placed) else result.refusal.code


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("products", [1, 4])
def test_of_16_orders_at_once_as_many_are_confirmed_as_may_be_open(crowd, products, is_known):
    merchant, stranger = make_merchant(unproven_open_orders=5), make_actor(Role.CUSTOMER)
    mugs = [make_product(merchant, on_hand=100) for _ in range(products)]
    if is_known:
        place_one([(mugs[0], 1)], stranger)
    wishes = [wanted([(mugs[number % products], 1)], stranger) for number in range(16)]

    results = at_once(crowd, [lambda wish=wish: place(merchant.id, [wish])[0] for wish in wishes])

    confirmed = 4 if is_known else 5
    assert Counter(map(outcome, results)) == {"confirmed": confirmed, "requested": 16 - confirmed}
    assert sum(balances(mug)[1] for mug in mugs) == 5


def test_of_units_wanted_at_once_no_more_are_held_than_may_be(crowd):
    merchant, stranger = make_merchant(unproven_open_orders=50), make_actor(Role.CUSTOMER)
    mug = make_product(merchant, on_hand=40)
    wishes = [wanted([(mug, 3)], stranger) for _ in range(8)]

    results = at_once(crowd, [lambda wish=wish: place(merchant.id, [wish])[0] for wish in wishes])

    assert Counter(map(outcome, results)) == {"confirmed": 3, "requested": 5}
    assert balances(mug) == (40, 9, 0)


def test_two_batches_with_the_same_strangers_in_any_order_both_stand(crowd):
    merchant = make_merchant(unproven_open_orders=1)
    mugs = [make_product(merchant, on_hand=40) for _ in range(2)]
    people = [make_actor(Role.CUSTOMER) for _ in range(6)]
    batches = [
        [wanted([(mug, 1)], person) for person in order]
        for mug, order in zip(mugs, (people, people[::-1]), strict=True)
    ]

    results = at_once(crowd, [lambda batch=batch: place(merchant.id, batch) for batch in batches])

    told = Counter(outcome(result) for batch in results for result in batch)
    assert told == {"confirmed": 6, "requested": 6}


def test_an_order_that_proves_and_one_that_ceases_to_at_once_leave_him_proven(crowd):
    merchant, buyer, seller = make_merchant(unproven_open_orders=5), make_actor(Role.CUSTOMER), make_actor()
    mug = make_product(merchant, on_hand=99)
    for number in range(6):
        paid = place_one([(mug, 1)], buyer, terms=Terms.AFTER_ACCEPTANCE)
        pay.pay(merchant.id, paid.id, pay.PaymentReport(Money(paid.total, "NPR"), f"r-{number}"), seller)
        session().commit()
        other = place_one([(mug, 1)], buyer, terms=Terms.AFTER_ACCEPTANCE)
        report = pay.PaymentReport(Money(other.total, "NPR"), f"o-{number}")

        at_once(
            crowd,
            [
                in_own(lambda paid=paid: cancel.cancel(merchant.id, paid.id, cancel.Cancel("no"), buyer)),
                in_own(lambda other=other, report=report: pay.pay(merchant.id, other.id, report, seller)),
            ],
        )

        assert session().get(Customer, (merchant.id, buyer.person_id), populate_existing=True).has_bought
        assert buyers.audit(merchant.id) == []
        session().rollback()
        cancel.cancel(merchant.id, other.id, cancel.Cancel("no"), seller)
        session().commit()
