"""A cart becomes an order once, by the rules of placing; who is refused names what is short, changes it and goes on."""

import pytest

from merchant_api.accounts.models import Terms
from merchant_api.carts.checkout import Known
from merchant_api.carts.errors import CartEmpty, CartExpired, CheckedOut
from merchant_api.carts.find import CartStanding
from merchant_api.carts.open import open_cart
from merchant_api.catalog.models import Fulfilment, ProductKind, Status, WhenShort
from merchant_api.core.actor import Role
from merchant_api.core.answer import Answer
from merchant_api.core.db import session
from merchant_api.core.errors import Forbidden, NotFound
from merchant_api.orders import find as orders
from merchant_api.orders.errors import OverLimit, ProductNotForSale, TooManyUnpaid
from merchant_api.orders.place.placement import Placed
from merchant_api.orders.states import State, Verdict
from merchant_api.stock.errors import InsufficientStock
from tests.make.carts import check_out, look_at, make_cart, newcomer, put
from tests.make.orders import place_one
from tests.make.people import make_actor, make_merchant, make_person
from tests.make.snapshot import check_books, everything
from tests.make.stock import balances, make_cell, make_product

REFUSE = WhenShort.REFUSE


@pytest.fixture
def ana(database):
    return newcomer("Ana")


def test_a_cart_becomes_the_order_of_its_lines(ana):
    merchant = make_merchant()
    mug, poster = (
        make_product(merchant, on_hand=5),
        make_product(merchant, when_short=WhenShort.BACKORDER),
    )
    cart = make_cart([(mug, 2), (poster, 3)], ana)

    result = check_out(cart, ana, note="Gift", deliver_to={"city": "Patan"}, payment_terms=Terms.ON_DELIVERY)

    assert isinstance(result, Placed)
    order = result.view.order
    lines = [(line.row.product_id, line.row.quantity, line.row.verdict) for line in result.view.lines]
    assert lines == [(mug.id, 2, Verdict.COVERED), (poster.id, 3, Verdict.BACKORDER)]
    assert (order.state, order.mode, order.note, order.deliver_to) == (
        State.CONFIRMED,
        "backorder",
        "Gift",
        {"city": "Patan"},
    )
    assert (order.customer_id, order.customer_name) == (ana.person_id, ana.name)
    assert (balances(mug), balances(poster)) == ((5, 2, 0), (0, 3, 0))
    check_books(merchant.id)


def test_a_checked_out_cart_is_over_and_its_lines_are_the_orders(ana):
    mug = make_product(on_hand=5)
    cart = make_cart([(mug, 2)], ana)
    order = check_out(cart, ana).view.order

    shown = look_at(cart, ana)
    with pytest.raises(CheckedOut) as refused:
        put(cart, mug, 1, ana)
    fresh = open_cart(cart.merchant_id, ana)

    assert (shown.state, shown.cart.order_id, shown.lines) == (CartStanding.CHECKED_OUT, order.id, [])
    assert refused.value.members == {"order_id": str(order.id)}
    assert fresh.is_new
    assert fresh.view.cart.id != cart.id


def test_checking_out_again_gives_the_same_order(ana):
    mug = make_product(on_hand=5)
    cart = make_cart([(mug, 2)], ana)
    order = check_out(cart, ana).view.order
    before = everything(cart.merchant_id)

    again = check_out(cart, ana, note="Another note")

    assert again == Known(Answer(200, str(order.id).encode()))
    assert everything(cart.merchant_id) == before


def test_an_order_from_a_cart_takes_from_where_the_line_says(ana):
    mug = make_product(on_hand=5)
    attic = make_cell(mug, 3, "attic")
    cart = make_cart([(mug, 1)], ana)
    put(cart, mug, 2, ana, location="attic")

    line = check_out(cart, ana).view.lines[0]

    assert line.row.location_id == attic.location_id
    session().refresh(attic)
    assert attic.held == 2


def test_guests_of_a_line_are_the_orders(ana):
    seat = make_product(on_hand=5, kind=ProductKind.REGISTRATION, fulfilment=Fulfilment.NONE, when_short=REFUSE)
    cart = make_cart([(seat, 1)], ana)
    put(cart, seat, 2, ana, guests=["Bina"])

    assert check_out(cart, ana).view.lines[0].row.guests == ["Bina"]


def test_a_line_that_others_bought_meanwhile_is_named_reduced_and_then_ordered(ana):
    merchant = make_merchant()
    mug, mask = make_product(merchant, on_hand=9), make_product(merchant, on_hand=3, when_short=REFUSE)
    cart = make_cart([(mug, 1), (mask, 3)], ana)
    place_one([(mask, 2)])
    before = everything(merchant.id)

    with pytest.raises(InsufficientStock) as refused:
        check_out(cart, ana)
    assert everything(merchant.id) == before
    put(cart, mask, 1, ana)
    result = check_out(cart, ana)

    (named,) = refused.value.members["lines"]
    assert (named["product_id"], named["wanted"], named["available"]) == (str(mask.id), 3, 1)
    assert result.view.order.state is State.CONFIRMED
    assert (balances(mug), balances(mask)) == ((9, 1, 0), (3, 3, 0))
    check_books(merchant.id)


def test_a_cart_holds_nothing_even_against_its_own_customer(ana):
    mask = make_product(on_hand=2, when_short=REFUSE)
    cart = make_cart([(mask, 2)], ana)

    order = place_one([(mask, 1)], ana)

    (line,) = look_at(cart, ana).lines
    assert (order.state, balances(mask)) == (State.CONFIRMED, (2, 1, 0))
    assert (line.judged.verdict, str(line.judged.message), line.is_ok) == (Verdict.REFUSE, "Only 1 left.", False)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"status": Status.DRAFT}, ProductNotForSale),
        ({"status": Status.ARCHIVED}, ProductNotForSale),
        ({"max_quantity": 1}, OverLimit),
    ],
)
def test_a_product_that_changed_meanwhile_is_named_and_nothing_is_ordered(ana, change, refusal):
    merchant = make_merchant()
    mug, bowl = make_product(merchant, on_hand=9), make_product(merchant, on_hand=9)
    cart = make_cart([(mug, 2), (bowl, 2)], ana)
    for column, value in change.items():
        setattr(bowl, column, value)
    session().commit()
    before = everything(merchant.id)

    with pytest.raises(refusal) as refused:
        check_out(cart, ana)

    assert [line["product_id"] for line in refused.value.members["lines"]] == [str(bowl.id)]
    assert everything(merchant.id) == before


def test_the_price_at_checkout_counts(ana):
    mug = make_product(on_hand=9)
    cart = make_cart([(mug, 2)], ana)
    mug.price = 200_000
    session().commit()

    assert check_out(cart, ana).view.order.total == 400_000


def test_an_empty_cart_is_no_order(ana):
    cart = open_cart(make_merchant().id, ana).view.cart
    session().commit()

    with pytest.raises(CartEmpty):
        check_out(cart, ana)


def test_refusals_of_placing_are_those_of_checking_out(ana):
    merchant = make_merchant(unpaid_orders_cap=1)
    bowl = make_product(merchant)
    place_one([(bowl, 1)], ana)
    cart = make_cart([(bowl, 1)], ana)
    before = everything(merchant.id)

    with pytest.raises(TooManyUnpaid):
        check_out(cart, ana)
    with pytest.raises(Forbidden):
        check_out(cart, ana, payment_terms=Terms.PREPAID)

    assert everything(merchant.id) == before


@pytest.mark.parametrize("role", [Role.OWNER, Role.CLERK, Role.STAFF])
def test_people_of_the_merchant_shop_for_themselves_within_the_limits(database, role):
    mug = make_product(on_hand=9, max_quantity=3)
    actor = make_actor(role, person=make_person("Binod"))
    cart = make_cart([(mug, 3)], actor)

    order = check_out(cart, actor).view.order

    assert (order.customer_id, order.customer_name) == (actor.person_id, "Binod")
    assert orders.history(order.merchant_id, order.id, actor)[0].note is None


@pytest.mark.parametrize("role", [Role.OWNER, Role.CLERK, Role.STAFF, Role.CUSTOMER])
def test_another_persons_cart_is_like_none(ana, role):
    mug = make_product(on_hand=9)
    cart = make_cart([(mug, 2)], ana)
    before, other = everything(cart.merchant_id), make_actor(role, person=make_person("Deepa"))

    for call in (lambda: check_out(cart, other), lambda: look_at(cart, other), lambda: put(cart, mug, 1, other)):
        with pytest.raises(NotFound):
            call()

    assert everything(cart.merchant_id) == before


def test_an_expired_cart_is_not_checked_out(ana):
    mug = make_product(on_hand=9)
    cart = make_cart([(mug, 2)], ana)
    cart.expires_at = cart.created_at
    session().commit()

    with pytest.raises(CartExpired):
        check_out(cart, ana)

    assert balances(mug) == (9, 0, 0)
