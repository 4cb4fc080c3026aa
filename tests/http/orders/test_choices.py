"""What a seller chooses from for a customer: every product with its verdict, and why it can't be chosen."""

import pytest
from sqlalchemy import event

from merchant_api.catalog.models import Fulfilment, ProductKind, Status, WhenShort
from merchant_api.core.db import db
from tests.http.orders.conftest import Shop
from tests.make.holds import make_hold
from tests.make.statements import asked
from tests.make.stock import make_cell, make_product


def choices(shop, query="", who="owner"):
    reply = shop.call(who, "GET", f"/orders/choices{query}")
    assert reply.status_code == 200, reply.get_data(as_text=True)
    return reply.json["items"]


@pytest.mark.parametrize(
    ("columns", "on_hand", "verdict", "mode", "why_not"),
    [
        ({}, 5, "covered", "instant", None),
        ({}, 1, "ask", "instant", None),
        ({}, 0, "ask", "on_request", None),
        ({"when_short": WhenShort.BACKORDER}, 1, "backorder", "instant", None),
        ({"when_short": WhenShort.REFUSE}, 2, "covered", "instant", None),
        ({"when_short": WhenShort.REFUSE}, 1, "refuse", "instant", "2 wanted, 1 available"),
        ({"when_short": WhenShort.REFUSE}, 0, "refuse", "closed", "Sold out"),
        ({"status": Status.DRAFT}, 5, "refuse", "closed", "Draft: takes no orders"),
        ({"status": Status.ARCHIVED}, 5, "refuse", "closed", "Archived: takes no orders"),
        (
            {"kind": ProductKind.REGISTRATION, "fulfilment": Fulfilment.NONE, "when_short": WhenShort.REFUSE},
            0,
            "refuse",
            "closed",
            "Sold out",
        ),
    ],
)
def test_a_choice_says_what_two_units_would_meet_and_why_not(shop, columns, on_hand, verdict, mode, why_not):
    product = make_product(shop.merchant, on_hand=on_hand, max_quantity=1, **columns)

    (choice,) = choices(shop, "?quantity=2")

    assert (choice["product_id"], choice["sku"], choice["name"]) == (str(product.id), product.sku, product.name)
    assert choice["price"] == {"amount": 150_000, "currency": "NPR"}
    assert (choice["available"], choice["max_quantity"], choice["kind"]) == (on_hand, 1, product.kind.value)
    assert (choice["verdict"], choice["mode"]) == (verdict, mode)
    assert (choice["can_choose"], choice["why_not"]) == (why_not is None, why_not)
    assert choice["mode_reason"]


def test_what_can_be_chosen_is_taken_and_the_rest_is_refused(shop):
    for status in Status:
        for when_short in WhenShort:
            for on_hand in (0, 1, 2):
                make_product(shop.merchant, on_hand=on_hand, status=status, when_short=when_short)
    make_product(shop.merchant, is_tracked=False)

    for choice in choices(shop, "?quantity=2&limit=200"):
        line = {"product_id": choice["product_id"], "quantity": 2}
        reply = shop.call("owner", "POST", "/orders", {"lines": [line], "customer": {"name": "Maya"}})
        assert (reply.status_code == 201) is choice["can_choose"], choice
        if choice["can_choose"]:
            assert reply.json["lines"][0]["verdict"] == choice["verdict"]
        else:
            assert choice["verdict"] == "refuse"


def test_what_is_not_counted_says_so(shop):
    make_product(shop.merchant, is_tracked=False)

    (choice,) = choices(shop)

    assert (choice["available"], choice["verdict"], choice["can_choose"]) == (None, "covered", True)


@pytest.mark.parametrize(("quantity", "verdict"), [(2, "covered"), (3, "refuse")])
def test_what_one_cell_owes_counts_against_what_another_offers(shop, quantity, verdict):
    product = make_product(shop.merchant, on_hand=1, when_short=WhenShort.REFUSE)
    make_hold(product, 4)
    make_cell(product, 5, location="attic")

    (choice,) = choices(shop, f"?quantity={quantity}")

    assert (choice["available"], choice["verdict"]) == (2, verdict)


def test_the_newest_come_first_by_pages_and_narrowed_by_words_and_category(shop):
    skus = [make_product(shop.merchant, sku=sku).sku for sku in ("A-1", "A-2", "B-3")]
    lamps = shop.call("owner", "POST", "/categories", {"name": "Lamps"}).json
    lamp = {"sku": "C-4", "name": "Lamp", "price": {"amount": 1, "currency": "NPR"}, "category": lamps["name"]}
    shop.call("owner", "POST", "/products", lamp)

    first = shop.call("owner", "GET", "/orders/choices?limit=2").json
    second = shop.call("owner", "GET", f"/orders/choices?limit=2&cursor={first['next']}").json

    assert [row["sku"] for row in first["items"] + second["items"]] == ["C-4", *skus[::-1]]
    assert second["next"] is None
    assert [row["sku"] for row in choices(shop, "?q=a-")] == ["A-2", "A-1"]
    assert [row["sku"] for row in choices(shop, "?category=Lamps")] == ["C-4"]
    assert choices(shop, "?category=None") == []


@pytest.mark.parametrize("who", ["owner", "clerk", "staff", "key"])
def test_sellers_choose_from_their_own_products(shop, who):
    mine = make_product(shop.merchant)
    make_product(Shop(shop.client).merchant)

    assert [row["product_id"] for row in choices(shop, who=who)] == [str(mine.id)]


@pytest.mark.parametrize(("who", "status"), [("customer", 403), ("newcomer", 403), ("nobody", 401)])
def test_customers_do_not_choose(shop, who, status):
    assert shop.call(who, "GET", "/orders/choices").status_code == status


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "cursor=abc", "q=%00", "q=", "category=", "x=1"),
        *(f"quantity={bad}" for bad in ("0", "-1", "1000001", "x", "1.5", "")),
    ],
)
def test_a_list_that_is_asked_for_wrongly_is_refused(shop, query):
    make_product(shop.merchant)

    assert shop.call("owner", "GET", f"/orders/choices?{query}").status_code == 422


@pytest.mark.parametrize("number", [1, 12])
def test_a_page_of_choices_costs_four_reads_and_two_for_who_asks(shop, number):
    for _ in range(number):
        make_cell(make_product(shop.merchant, on_hand=1), 2, location="attic")
    statements = []
    event.listen(db.engines[None], "before_cursor_execute", lambda *told: statements.append(told[2]))

    choices(shop)

    assert len(asked(statements)) <= 6
