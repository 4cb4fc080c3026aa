"""The first product and a change of the currency at the same moment: one of them is refused."""

import pytest

from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.shop import change, create
from merchant_api.shop.create import NewProduct
from tests.make.people import make_actor, make_merchant
from tests.races.rivals import at_once, in_own, said


@pytest.mark.parametrize("is_created_first", [True, False])
def test_no_price_is_left_in_another_currency_than_the_merchants(crowd, is_created_first):
    for _ in range(10):
        merchant_id = make_merchant(currency="NPR").id
        session().commit()
        new = NewProduct("MUG-01", "Clay mug", Money(45_000, "NPR"))
        works = [
            in_own(lambda m=merchant_id, new=new: create.create(m, new, make_actor())),
            in_own(lambda m=merchant_id: change.change(m, {"currency": "EUR"})),
        ]

        results = at_once(crowd, works if is_created_first else works[::-1])

        refused = said(results) - said([None])
        assert sum(refused.values()) == 1
        assert set(refused) <= {"wrong_currency", "currency_fixed"}
