"""Carts that are opened, changed and checked out at the same moment: one order at most, and nobody is misled."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select, text

from merchant_api.carts import checkout, edit, expire
from merchant_api.carts.checkout import Checkout, Known
from merchant_api.carts.edit import CartLineAsked
from merchant_api.carts.errors import CartChanged, CartExpired
from merchant_api.carts.models import Cart
from merchant_api.carts.open import open_cart
from merchant_api.carts.seen import SeenCart, SeenLine
from merchant_api.catalog.models import WhenShort
from merchant_api.core import clock
from merchant_api.core.actor import Role, job
from merchant_api.core.db import db, session
from merchant_api.core.errors import NotFound, Refusal
from merchant_api.orders.models import Order
from merchant_api.orders.place.placement import Placed
from merchant_api.orders.states import Verdict
from tests.make.carts import by_id, look_at, make_cart, newcomer
from tests.make.people import make_actor, make_customer, make_merchant, make_person
from tests.make.stock import balances, make_product
from tests.make.tokens import bearer, make_token
from tests.races.rivals import Queue, at_once, in_own, said

TIMES = 16
NEWER = text("UPDATE carts SET version = version + 1 WHERE merchant_id = :merchant_id AND id = :id")
OLD = text("UPDATE carts SET expires_at = created_at WHERE merchant_id = :merchant_id AND id = :id")


@pytest.fixture
def ana(crowd):
    return newcomer("Ana")


@contextmanager
def held_by(app, row, change):
    """Hold what a change of a row locks, from another connection; it takes `merchant_id` and `id` of the row."""
    session().rollback()
    with db.engine.connect() as holder, ThreadPoolExecutor(16) as pool:
        holder.execute(change, {"merchant_id": row.merchant_id, "id": row.id})
        try:
            yield Queue(app, holder, pool)
        finally:
            holder.rollback()


def checks_out(cart, actor, seen=None):
    merchant_id, cart_id = cart.merchant_id, cart.id
    return lambda: checkout.check_out(merchant_id, cart_id, Checkout(seen=seen), actor, None, by_id)


def puts(cart, product, units, actor):
    merchant_id, cart_id, product_id = cart.merchant_id, cart.id, product.id
    return in_own(lambda: edit.put(merchant_id, cart_id, product_id, CartLineAsked(units), actor))


def count(model):
    session().rollback()
    return session().execute(select(func.count()).select_from(model)).scalar_one()


@pytest.mark.parametrize(
    ("on_hand", "when_short"),
    [(64, WhenShort.ASK), (1, WhenShort.ASK), (1, WhenShort.REFUSE), (0, WhenShort.BACKORDER)],
)
def test_one_cart_checked_out_by_many_at_once_is_one_order(crowd, on_hand, when_short):
    merchant = make_merchant()
    mug = make_product(merchant, on_hand=on_hand, when_short=when_short)
    headers = bearer(make_token(make_person("Ana")))
    home = f"/v1/merchants/{merchant.id}/carts"
    client = crowd.test_client()
    url = f"{home}/{client.post(home, headers=headers).json['id']}"
    client.put(f"{url}/lines/{mug.id}", json={"quantity": 1}, headers=headers)

    def checks(_number):
        return lambda: crowd.test_client().post(f"{url}/checkout", json={}, headers=headers)

    replies = at_once(crowd, [checks(number) for number in range(TIMES)])

    assert Counter(reply.status_code for reply in replies) == {201: 1, 200: TIMES - 1}
    assert len({reply.json["id"] for reply in replies}) == 1
    assert count(Order) == 1
    assert sum(balances(mug)[1:]) == 1


def test_one_key_for_many_checkouts_at_once_gives_one_answer(crowd):
    merchant = make_merchant()
    mug = make_product(merchant, on_hand=9)
    person = make_customer(merchant)
    cart = make_cart([(mug, 2)], make_actor(Role.CUSTOMER, person=person))
    headers = bearer(make_token(person)) | {"Idempotency-Key": "k-1"}
    url = f"/v1/merchants/{merchant.id}/carts/{cart.id}/checkout"

    replies = at_once(crowd, [lambda: crowd.test_client().post(url, json={}, headers=headers)] * TIMES)

    assert {reply.status_code for reply in replies} == {201}
    assert len({reply.data for reply in replies}) == 1
    assert Counter(reply.headers.get("Idempotency-Replayed") for reply in replies) == {None: 1, "true": TIMES - 1}
    assert (count(Order), balances(mug)) == (1, (9, 2, 0))


@pytest.mark.parametrize(
    ("when_short", "other"), [(WhenShort.ASK, "requested"), (WhenShort.REFUSE, "insufficient_stock")]
)
def test_three_buyers_of_the_last_mug_get_one_confirmation_and_two_clear_answers(crowd, when_short, other):
    mug = make_product(on_hand=1, when_short=when_short)
    buyers = [newcomer(name) for name in "ABC"]
    carts = [make_cart([(mug, 1)], buyer) for buyer in buyers]

    results = at_once(crowd, [checks_out(cart, buyer) for cart, buyer in zip(carts, buyers, strict=True)])

    told = [result.view.order.state if isinstance(result, Placed) else result.code for result in results]
    assert Counter(told) == {"confirmed": 1, other: 2}
    assert balances(mug) == (1, 1, 0)


def test_three_buyers_who_saw_the_last_mug_are_told_that_it_went(crowd):
    mug = make_product(on_hand=1)
    buyers = [newcomer(name) for name in "ABC"]
    carts = [make_cart([(mug, 1)], buyer) for buyer in buyers]
    seen = SeenCart(look_at(carts[0], buyers[0]).total, [SeenLine(mug.id, Verdict.COVERED)])

    results = at_once(crowd, [checks_out(cart, buyer, seen) for cart, buyer in zip(carts, buyers, strict=True)])

    assert said(results) == {"ok": 1, "cart_changed": 2}
    assert (count(Order), balances(mug)) == (1, (1, 1, 0))
    changes = [result.members["changes"] for result in results if isinstance(result, CartChanged)]
    assert {(each["seen"], each["now"]) for (each,) in changes} == {("covered", "ask")}


def test_a_cart_that_changes_while_it_is_checked_out_is_not_ordered_as_it_was(crowd, ana):
    mug = make_product(on_hand=9)
    cart = make_cart([(mug, 2)], ana)

    with held_by(crowd, cart, NEWER) as queue:
        queue.join(checks_out(cart, ana))
        (result,) = queue.let_go()

    assert (type(result), result.members["changes"]) == (CartChanged, [])
    assert (count(Order), balances(mug)) == (0, (9, 0, 0))


def test_a_change_that_waits_behind_a_checkout_comes_too_late(crowd, ana):
    mug = make_product(on_hand=9)
    cart = make_cart([(mug, 2)], ana)

    with held_by(crowd, cart, NEWER) as queue:
        queue.join(checks_out(cart, ana), puts(cart, mug, 5, ana))
        ordered, changed = queue.let_go(by_commit=False)

    assert isinstance(ordered, Placed)
    assert (changed.code, changed.members["order_id"]) == ("cart_checked_out", str(ordered.view.order.id))
    assert balances(mug) == (9, 2, 0)


def test_checkouts_against_changes_order_what_was_in_the_cart_or_nothing(crowd, ana):
    mug = make_product(on_hand=500)
    for _ in range(8):
        cart = make_cart([(mug, 1)], ana)
        works = [checks_out(cart, ana), puts(cart, mug, 3, ana), checks_out(cart, ana)]

        first, changed, second = at_once(crowd, works)

        ordered = [result for result in (first, second) if isinstance(result, Placed)]
        assert len(ordered) <= 1
        for result in ordered:
            was_changed = not isinstance(changed, Refusal)
            assert result.view.lines[0].row.quantity == (3 if was_changed else 1)
        assert set(said([first, second])) <= {"ok", "cart_changed"}
        assert {type(result) for result in (first, second)} <= {Placed, Known, CartChanged}
        if not ordered:
            checks_out(cart, ana)()


def test_a_checkout_that_waited_past_the_end_of_its_cart_is_refused(crowd, ana):
    mug = make_product(on_hand=9)
    cart = make_cart([(mug, 2)], ana)

    with held_by(crowd, cart, OLD) as queue:
        queue.join(checks_out(cart, ana), puts(cart, mug, 1, ana))
        results = queue.let_go()

    assert [type(result) for result in results] == [CartExpired] * 2
    assert balances(mug) == (9, 0, 0)


def test_the_job_and_a_checkout_of_an_old_cart_do_not_meet_halfway(crowd, ana):
    mug = make_product(on_hand=9)
    cart = make_cart([(mug, 2)], ana)
    merchant_id, cart_id, at = cart.merchant_id, cart.id, cart.expires_at + expire.TOLD_FOR
    tidies = in_own(lambda: expire.run(merchant_id, [cart_id], job("tests")))

    with clock.clock.pinned(at):
        *results, taken = at_once(crowd, [checks_out(cart, ana), puts(cart, mug, 1, ana), tidies])

    assert {type(result) for result in results} <= {CartExpired, NotFound}
    assert taken + count(Cart) == 1
    assert balances(mug) == (9, 0, 0)


def test_a_cart_opened_by_many_calls_at_once_is_one_cart(crowd, ana):
    merchant_id = make_merchant().id

    results = at_once(crowd, [in_own(lambda: open_cart(merchant_id, ana))] * TIMES)

    assert Counter(opened.is_new for opened in results) == {True: 1, False: TIMES - 1}
    assert len({opened.view.cart.id for opened in results}) == 1


def test_an_expired_cart_is_replaced_once(crowd, ana):
    mug = make_product(on_hand=9)
    cart = make_cart([(mug, 2)], ana)
    merchant_id, cart_id = cart.merchant_id, cart.id

    with clock.clock.pinned(cart.expires_at):
        results = at_once(crowd, [in_own(lambda: open_cart(merchant_id, ana))] * TIMES)

    assert Counter(opened.is_new for opened in results) == {True: 1, False: TIMES - 1}
    assert len({opened.view.cart.id for opened in results} - {cart_id}) == count(Cart) == 1


def test_carts_are_read_and_filled_while_somebody_holds_the_stock(crowd, ana):
    mug = make_product(on_hand=9)
    cart = make_cart([(mug, 1)], ana)

    with held_by(
        crowd, mug, text("UPDATE cells SET used = used WHERE merchant_id = :merchant_id AND product_id = :id")
    ):
        looked, filled = at_once(crowd, [lambda: look_at(cart, ana), puts(cart, mug, 2, ana)])

    assert [view.lines[0].judged.available for view in (looked, filled)] == [9, 9]


def test_lines_put_at_once_are_all_in_the_cart(crowd, ana):
    merchant = make_merchant()
    products = [make_product(merchant, on_hand=9) for _ in range(8)]
    cart = make_cart([(products[0], 1)], ana)

    at_once(crowd, [puts(cart, product, 2, ana) for product in products])

    shown = look_at(cart, ana)
    assert {line.row.product_id: line.row.quantity for line in shown.lines} == {product.id: 2 for product in products}
    assert shown.cart.version == 9
