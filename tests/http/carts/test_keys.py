"""The same call twice has one effect: with an Idempotency-Key the same bytes, and a checkout without one as well."""

from merchant_api.catalog.models import WhenShort
from tests.make.snapshot import everything
from tests.make.stock import balances, make_product


def is_replayed(reply):
    return reply.headers.get("Idempotency-Replayed") == "true"


def test_a_checkout_under_one_key_gives_the_same_bytes(shop):
    mug = make_product(shop.merchant, on_hand=5)
    cart = shop.open()
    shop.put(cart, mug, 2)
    first = shop.check_out(cart, Idempotency_Key="k-1")
    shop.call("owner", "POST", f"/orders/{first.json['id']}/pickup")
    before = everything(shop.merchant.id)

    again = shop.check_out(cart, Idempotency_Key="k-1")

    assert (first.status_code, again.status_code, again.data) == (201, 201, first.data)
    assert (is_replayed(first), is_replayed(again)) == (False, True)
    assert everything(shop.merchant.id) == before


def test_a_checkout_under_a_new_key_gives_the_order_as_it_is_and_keeps_that(shop):
    mug = make_product(shop.merchant, on_hand=5)
    cart = shop.open()
    shop.put(cart, mug, 2)
    order = shop.check_out(cart).json

    second = shop.check_out(cart, Idempotency_Key="k-2")
    shop.call("owner", "POST", f"/orders/{order['id']}/pickup")
    third = shop.check_out(cart, Idempotency_Key="k-2")
    fourth = shop.check_out(cart)

    assert (second.status_code, second.json, is_replayed(second)) == (200, order, False)
    assert (third.status_code, third.data, is_replayed(third)) == (200, second.data, True)
    assert (fourth.status_code, fourth.json["id"], fourth.json["state"]) == (200, order["id"], "picked_up")
    assert balances(mug)[1:] in ((2, 0), (0, 2))


def test_the_same_key_for_another_checkout_is_refused(shop):
    mug = make_product(shop.merchant, on_hand=5)
    cart = shop.open()
    shop.put(cart, mug, 2)
    shop.check_out(cart, Idempotency_Key="k-1")

    reply = shop.check_out(cart, body={"note": "Other"}, Idempotency_Key="k-1")

    assert (reply.status_code, reply.json["code"]) == (422, "idempotency_key_reused")


def test_a_refused_checkout_leaves_its_key(shop):
    mask = make_product(shop.merchant, on_hand=2, when_short=WhenShort.REFUSE)
    cart = shop.open()
    shop.put(cart, mask, 2)
    shop.order("other customer", mask, 1)
    refused = shop.check_out(cart, Idempotency_Key="k-1")
    shop.put(cart, mask, 1)

    reply = shop.check_out(cart, Idempotency_Key="k-1")

    assert (refused.status_code, reply.status_code, is_replayed(reply)) == (409, 201, False)


def test_a_line_set_under_one_key_is_set_once(shop):
    mug = make_product(shop.merchant, on_hand=5)
    path = f"/carts/{shop.open()}/lines/{mug.id}"
    first = shop.call("customer", "PUT", path, {"quantity": 2}, Idempotency_Key="k-1")
    shop.call("customer", "PUT", path, {"quantity": 3})

    again = shop.call("customer", "PUT", path, {"quantity": 2}, Idempotency_Key="k-1")

    assert (again.data, is_replayed(again)) == (first.data, True)
    assert shop.look(path.split("/")[2])["lines"][0]["quantity"] == 3
