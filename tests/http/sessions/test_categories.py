"""Counting by category: what is counted, and what a close would do, narrowed to one."""

import pytest

from merchant_api.catalog import categories
from merchant_api.core.db import session
from tests.make.people import make_member, make_merchant
from tests.make.sessions import make_count, make_staged
from tests.make.stock import make_product
from tests.make.tokens import bearer, make_token


@pytest.fixture
def merchant(database):
    merchant = make_merchant()
    make_staged(merchant)
    return merchant


@pytest.fixture
def get(client, merchant):
    owner = bearer(make_token(make_member(merchant)))
    return lambda rest: client.get(f"/v1/merchants/{merchant.id}/sessions{rest}", headers=owner).json


@pytest.fixture
def tea(merchant):
    """Two products of a category, the first of them counted; beside them two that are not in it, one counted."""
    category = categories.add(merchant.id, "tea").id
    session().commit()
    inside = [make_product(merchant, on_hand=4, category_id=category) for _ in range(2)]
    outside = [make_product(merchant, on_hand=4) for _ in range(2)]
    make_count(inside[0], 0)
    make_count(outside[0], 9)
    return inside


def test_a_session_shows_what_is_counted_of_a_category(get, tea):
    seen = get("/staged?category=tea")

    assert [row["sku"] for row in seen["cells"]["items"]] == [tea[0].sku]
    assert (seen["counted"], seen["version"]) == (1, 2)
    assert get("/staged")["counted"] == 2
    assert get("/staged?category=none")["counted"] == 0


@pytest.mark.parametrize("scope", ["partial", "full"])
def test_a_preview_is_narrowed_to_a_category_with_its_totals_and_modes(get, tea, scope):
    seen = get(f"/staged/preview?scope={scope}&category=tea")

    shown = [row.sku for row in tea[: 2 if scope == "full" else 1]]
    assert [row["sku"] for row in seen["items"]] == [row["sku"] for row in seen["modes"]] == shown
    assert (seen["totals"]["counted"], seen["totals"]["zeroed"]) == (1, len(shown) - 1)
    assert seen["totals"]["modes"] == len(shown)
    assert seen["version"] == 2


def test_a_category_of_no_name_is_refused_and_an_unknown_one_is_empty(get, tea):
    assert get("/staged/preview?category=")["code"] == "invalid"
    assert get("/staged/preview?category=none")["items"] == []
