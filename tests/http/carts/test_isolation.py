"""What belongs to another person or another merchant answers like what does not exist, to members as well."""

import pytest

from merchant_api.core.ids import new_id
from tests.http.carts.conftest import Window
from tests.make.snapshot import everything
from tests.make.stock import make_product

CALLS = {
    ("GET", ""): None,
    ("PUT", "/lines/MUG"): {"quantity": 1},
    ("DELETE", "/lines/MUG"): None,
    ("POST", "/checkout"): {},
}


def ask(shop, who, call, cart, product):
    """The reply to a call on a cart."""
    method, path = call
    return shop.call(who, method, f"/carts/{cart}{path}".replace("MUG", str(product.id)), CALLS[call])


def told(reply):
    """An answer without the id that was asked for."""
    return reply.status_code, reply.json


@pytest.mark.parametrize(("method", "path"), sorted(CALLS))
def test_another_person_s_cart_is_like_none_and_stays_as_it_is(shop, method, path):
    mug = make_product(shop.merchant, on_hand=5)
    cart = shop.open()
    shop.put(cart, mug, 2)
    before = everything(shop.merchant.id)

    for who in ("other customer", "newcomer", "owner", "clerk", "staff"):
        theirs, none = (ask(shop, who, (method, path), each, mug) for each in (cart, new_id()))

        assert theirs.status_code == 404
        assert told(theirs) == told(none)
    assert everything(shop.merchant.id) == before


@pytest.mark.parametrize(("method", "path"), sorted(CALLS))
def test_another_merchant_s_cart_is_like_none_though_it_is_one_s_own(shop, method, path):
    other = Window(shop.client)
    other.headers = shop.headers
    mug = make_product(other.merchant, on_hand=5)

    for who in ("customer", "owner", "staff"):
        cart = other.open(who)
        other.put(cart, mug, 2, who)
        before = everything(other.merchant.id)
        theirs, none = (ask(shop, who, (method, path), each, mug) for each in (cart, new_id()))

        assert theirs.status_code == 404
        assert told(theirs) == told(none)
        assert everything(other.merchant.id) == before


@pytest.mark.parametrize(("method", "path"), sorted(CALLS))
def test_a_key_has_no_cart(shop, method, path):
    mug = make_product(shop.merchant, on_hand=5)

    replies = [ask(shop, "key", (method, path), shop.open(), mug), shop.call("key", "POST", "/carts")]

    assert [(reply.status_code, reply.json["code"]) for reply in replies] == [(403, "forbidden")] * 2


def test_a_product_of_another_merchant_in_the_path_is_not_there(shop):
    cart = shop.open()
    theirs = make_product(Window(shop.client).merchant, on_hand=5)
    before = everything(shop.merchant.id)

    reply = shop.put(cart, theirs, 1)

    assert (reply.status_code, reply.json["code"]) == (404, "not_found")
    assert everything(shop.merchant.id) == before


def test_a_draft_in_a_cart_tells_customers_nothing_new(shop):
    lamp = make_product(shop.merchant, on_hand=5)
    cart, name = shop.open(), lamp.name
    shop.put(cart, lamp, 2)
    secret = {"name": "Secret lamp", "price": {"amount": 1, "currency": "NPR"}, "status": "draft"}
    assert shop.call("owner", "PATCH", f"/products/{lamp.id}", secret).status_code == 200

    (line,) = shop.look(cart)["lines"]
    refused = shop.put(cart, lamp, 3)

    assert (line["name"], line["unit_price"]["amount"], line["available"]) == (name, 150_000, None)
    assert (refused.status_code, refused.json["code"]) == (409, "product_not_for_sale")
    assert refused.json["lines"] == [{"product_id": str(lamp.id)}]
    assert "Secret" not in refused.get_data(as_text=True)
