"""What a customer saw of a cart and what it is by then: worse is refused and named, better is taken."""

import pytest

from merchant_api.carts.errors import CartChanged
from merchant_api.carts.find import CartStanding
from merchant_api.carts.seen import SeenCart, SeenLine
from merchant_api.catalog.models import Status, WhenShort
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.orders.states import State, Verdict
from merchant_api.shop.errors import WrongCurrency
from merchant_api.stock.errors import InsufficientStock
from tests.make.carts import check_out, look_at, make_cart, newcomer, put, saw
from tests.make.orders import place_one
from tests.make.people import make_merchant
from tests.make.snapshot import everything
from tests.make.stock import make_cell, make_product

REFUSE = WhenShort.REFUSE


@pytest.fixture
def ana(database):
    return newcomer("Ana")


def worse_price(mug):
    mug.price += 1


def worse_verdict(mug):
    place_one([(mug, 8)])


def worst_verdict(mug):
    mug.when_short = REFUSE
    place_one([(mug, 8)])


def shut(mug):
    mug.status = Status.DRAFT


@pytest.mark.parametrize(
    ("change", "seen", "now"),
    [
        (worse_price, {"amount": 300_000, "currency": "NPR"}, {"amount": 300_002, "currency": "NPR"}),
        (worse_verdict, "covered", "ask"),
        (worst_verdict, "covered", "refuse"),
        (shut, "covered", "refuse"),
    ],
)
def test_what_became_worse_than_it_was_seen_is_refused(ana, change, seen, now):
    mug = make_product(on_hand=9)
    cart = make_cart([(mug, 2)], ana)
    shown = saw(look_at(cart, ana))
    change(mug)
    session().commit()
    before = everything(cart.merchant_id)

    with pytest.raises(CartChanged) as refused:
        check_out(cart, ana, seen=shown)

    (difference,) = refused.value.members["changes"]
    assert (difference["seen"], difference["now"]) == (seen, now)
    assert everything(cart.merchant_id) == before
    assert look_at(cart, ana).state is CartStanding.OPEN


def test_what_became_better_is_taken(ana):
    mug = make_product(on_hand=1)
    cart = make_cart([(mug, 2)], ana)
    seen = saw(look_at(cart, ana))
    make_cell(mug, 5, "attic")
    mug.price -= 1
    session().commit()

    order = check_out(cart, ana, seen=seen).view.order

    assert (seen.lines[0].verdict, order.state, order.total) == (Verdict.ASK, State.CONFIRMED, 299_998)


def test_a_line_that_was_seen_to_be_refused_is_refused_for_what_it_is(ana):
    mask = make_product(on_hand=3, when_short=REFUSE)
    cart = make_cart([(mask, 3)], ana)
    place_one([(mask, 1)])

    with pytest.raises(InsufficientStock):
        check_out(cart, ana, seen=saw(look_at(cart, ana)))


def test_a_line_put_in_elsewhere_was_not_seen(ana):
    merchant = make_merchant()
    mug, sticker = make_product(merchant, on_hand=9), make_product(merchant, is_tracked=False, price=0)
    cart = make_cart([(mug, 2)], ana)
    seen = saw(look_at(cart, ana))
    put(cart, sticker, 1, ana)

    with pytest.raises(CartChanged) as refused:
        check_out(cart, ana, seen=seen)

    assert refused.value.members["changes"] == [
        {"what": "verdict", "seen": None, "now": Verdict.COVERED, "product_id": str(sticker.id)}
    ]


def test_a_total_seen_in_another_currency_is_not_valid(ana):
    mug = make_product(on_hand=9)
    cart = make_cart([(mug, 2)], ana)
    before = everything(cart.merchant_id)

    with pytest.raises(WrongCurrency):
        check_out(cart, ana, seen=SeenCart(Money(10**9, "INR"), [SeenLine(mug.id, Verdict.COVERED)]))

    assert everything(cart.merchant_id) == before
