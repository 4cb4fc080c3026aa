"""One name in many spellings at the same moment: one row has it."""

from collections import Counter

import pytest

from tests.make.people import make_member, make_merchant
from tests.make.tokens import bearer, make_token
from tests.races.rivals import at_once

SPELT = ["Attic", "attic", "ATTIC", " Attic ", "\uff21ttic", "aTTic", "AtTiC", "attiC"]


@pytest.mark.parametrize("kind", ["locations", "grades", "categories", "products"])
def test_one_name_in_many_spellings_at_once_is_there_once(crowd, kind):
    merchant = make_merchant()
    headers = bearer(make_token(make_member(merchant)))
    url = f"/v1/merchants/{merchant.id}/{kind}"

    def adds(name):
        plain = {"name": name}
        body = plain | {"sku": name, "price": {"amount": 1, "currency": "NPR"}} if kind == "products" else plain
        return lambda: crowd.test_client().post(url, json=body, headers=headers)

    replies = at_once(crowd, [adds(name) for name in SPELT * 2])

    assert Counter(reply.status_code for reply in replies) == {201: 1, 409: 15}
    assert {reply.json["code"] for reply in replies if reply.status_code == 409} <= {"name_taken", "sku_taken"}
