"""What enters a cart, what does not, and the sentence that says why; less is always possible."""

import pytest

from merchant_api.carts import edit
from merchant_api.carts.edit import CartLineAsked
from merchant_api.carts.errors import CartFull, NoSuchLine
from merchant_api.catalog.errors import NoSuchProduct
from merchant_api.catalog.models import Fulfilment, ProductKind, Status, WhenShort
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.core.money import LARGEST
from merchant_api.orders.errors import OverLimit, ProductNotForSale, TooExpensive
from merchant_api.orders.states import Verdict
from merchant_api.stock.errors import InsufficientStock, NoSuchPlace
from tests.make.carts import look_at, make_cart, put
from tests.make.orders import place_one
from tests.make.people import make_actor, make_merchant
from tests.make.snapshot import everything
from tests.make.stock import balances, make_cell, make_product

ANA = make_actor(Role.CUSTOMER)
SEAT = {"kind": ProductKind.REGISTRATION, "fulfilment": Fulfilment.NONE, "when_short": WhenShort.REFUSE}
ASK, REFUSE, BACKORDER = WhenShort.ASK, WhenShort.REFUSE, WhenShort.BACKORDER


def only(view):
    (line,) = view.lines
    return line


@pytest.mark.parametrize(
    ("when_short", "on_hand", "units", "verdict", "message"),
    [
        (ASK, 25, 2, Verdict.COVERED, "In stock: 25 left."),
        (ASK, 2, 3, Verdict.ASK, "2 left: for 3 the merchant is asked first."),
        (ASK, 0, 1, Verdict.ASK, "None left: for 1 the merchant is asked first."),
        (BACKORDER, 2, 3, Verdict.BACKORDER, "2 left: 1 will follow when they come in."),
        (BACKORDER, 0, 3, Verdict.BACKORDER, "None left: 3 will follow when they come in."),
        (REFUSE, 2, 2, Verdict.COVERED, "In stock: 2 left."),
    ],
)
def test_what_can_be_ordered_enters_and_says_how(database, when_short, on_hand, units, verdict, message):
    product = make_product(on_hand=on_hand, when_short=when_short)

    line = only(look_at(make_cart([(product, units)], ANA), ANA))

    assert (line.judged.verdict, str(line.judged.message), line.is_ok) == (verdict, message, True)
    assert line.judged.available == on_hand
    assert balances(product) == (on_hand, 0, 0)


def test_what_is_not_tracked_is_always_available(database):
    line = only(look_at(make_cart([(make_product(is_tracked=False), 7)], ANA), ANA))

    assert (line.judged.verdict, line.judged.available, str(line.judged.message)) == (
        Verdict.COVERED,
        None,
        "Always available.",
    )


@pytest.mark.parametrize(
    ("product", "units", "refusal", "says"),
    [
        ({"on_hand": 2, "when_short": REFUSE}, 3, InsufficientStock, "Only 2 left."),
        ({"on_hand": 0, "when_short": REFUSE}, 1, InsufficientStock, "Sold out."),
        ({"on_hand": 9, "max_quantity": 3}, 4, OverLimit, "At most 3 per order."),
        ({"on_hand": 2, "max_quantity": 3, "when_short": REFUSE}, 4, OverLimit, "At most 3 per order, and 2 left."),
        ({"is_tracked": False, "max_quantity": 3}, 4, OverLimit, "At most 3 per order."),
    ],
)
def test_what_would_be_refused_does_not_enter(database, product, units, refusal, says):
    merchant = make_merchant()
    cart = make_cart([(make_product(merchant, on_hand=1), 1)], ANA)
    wanted = make_product(merchant, **product)
    before = everything(merchant.id)

    with pytest.raises(refusal) as refused:
        put(cart, wanted, units, ANA)

    assert refused.value.detail == says
    (named,) = refused.value.members["lines"]
    assert named["product_id"] == str(wanted.id)
    assert everything(merchant.id) == before


def test_a_line_that_is_short_names_what_was_wanted_and_what_there_is(database):
    merchant = make_merchant()
    cart = make_cart([(make_product(merchant), 1)], ANA)
    mask = make_product(merchant, on_hand=2, when_short=REFUSE)

    with pytest.raises(InsufficientStock) as refused:
        put(cart, mask, 3, ANA)

    named = {"product_id": str(mask.id), "sku": mask.sku, "name": mask.name, "wanted": 3, "available": 2}
    assert refused.value.members["lines"] == [named]


def test_a_product_of_another_merchant_is_not_there_nor_one_that_is_not_for_sale(database):
    merchant = make_merchant()
    cart = make_cart([(make_product(merchant), 1)], ANA)
    shut = [make_product(merchant, on_hand=5, status=status).id for status in (Status.DRAFT, Status.ARCHIVED)]

    for product_id in (make_product(on_hand=5).id, new_id(), *shut):
        with pytest.raises(NoSuchProduct):
            edit.put(cart.merchant_id, cart.id, product_id, CartLineAsked(1), ANA)


def test_the_quantity_of_a_line_is_set_not_added(database):
    product = make_product(on_hand=5)
    cart = make_cart([(product, 2)], ANA)

    shown = put(cart, product, 3, ANA)

    assert [line.row.quantity for line in shown.lines] == [3]
    assert shown.total.amount == 3 * product.price


@pytest.mark.parametrize("shut", [Status.DRAFT, Status.ARCHIVED, None])
def test_less_and_nothing_is_always_possible(database, shut):
    product = make_product(on_hand=5, when_short=REFUSE)
    cart = make_cart([(product, 5)], ANA)
    place_one([(product, 5)])
    if shut is None:
        product.max_quantity = 1
    else:
        product.status = shut
    session().commit()

    shown = put(cart, product, 2, ANA)
    with pytest.raises((InsufficientStock, OverLimit, ProductNotForSale)):
        put(cart, product, 3, ANA)
    left = edit.remove(cart.merchant_id, cart.id, product.id, ANA)

    assert (only(shown).row.quantity, only(shown).is_ok, shown.mode) == (2, False, "closed")
    assert (left.lines, left.total.amount, left.mode) == ([], 0, None)


def test_the_same_quantity_again_is_no_more_than_before(database):
    product = make_product(on_hand=5, when_short=REFUSE)
    cart = make_cart([(product, 5)], ANA)
    place_one([(product, 1)])

    assert str(only(put(cart, product, 5, ANA)).judged.message) == "Only 4 left."


def test_a_line_may_name_where_it_comes_from_and_moving_it_is_checked_as_new(database):
    product = make_product(on_hand=5, when_short=REFUSE)
    make_cell(product, 1, "attic")
    cart = make_cart([(product, 3)], ANA)

    with pytest.raises(InsufficientStock):
        put(cart, product, 2, ANA, location="attic")
    with pytest.raises(NoSuchPlace):
        put(cart, product, 1, ANA, location="cellar")
    put(cart, product, 1, ANA, location="attic", grade="default")

    line = only(look_at(cart, ANA))
    place_one([(product, 6)])
    anywhere = only(put(cart, product, 1, ANA))

    assert (line.line.location, line.line.grade, line.judged.available) == ("attic", "default", 1)
    assert (anywhere.line.location, str(anywhere.judged.message)) == (None, "Sold out.")


def test_taking_out_what_is_not_in_it_is_not_found(database):
    merchant = make_merchant()
    cart = make_cart([(make_product(merchant), 1)], ANA)

    with pytest.raises(NoSuchLine):
        edit.remove(merchant.id, cart.id, make_product(merchant).id, ANA)


def test_lines_stay_in_the_order_in_which_they_were_added(database):
    merchant = make_merchant()
    products = [make_product(merchant, on_hand=9) for _ in range(3)]
    first, second, third = products
    cart = make_cart([(third, 1), (first, 1), (second, 1)], ANA)

    shown = put(cart, first, 4, ANA)

    assert [line.row.product_id for line in shown.lines] == [third.id, first.id, second.id]
    assert [line.row.product_id for line in look_at(cart, ANA).lines] == [third.id, first.id, second.id]


def test_a_cart_has_bounds(database, monkeypatch):
    merchant = make_merchant()
    products = [make_product(merchant, on_hand=9, **SEAT) for _ in range(3)]
    monkeypatch.setattr(edit, "MOST_LINES", 2)
    monkeypatch.setattr(edit, "MOST_GUESTS", 2)
    cart = make_cart([(products[0], 1), (products[1], 1)], ANA)

    with pytest.raises(CartFull):
        put(cart, products[2], 1, ANA)
    put(cart, products[1], 3, ANA, guests=["Bina", "Chandra"])
    with pytest.raises(CartFull):
        put(cart, products[0], 2, ANA, guests=["Deepa"])

    assert len(look_at(cart, ANA).lines) == 2


def test_no_cart_costs_more_than_any_amount_that_is_kept(database):
    merchant = make_merchant()
    dear, cheap = make_product(merchant, on_hand=9, price=LARGEST), make_product(merchant, on_hand=9, price=1)
    cart = make_cart([(dear, 1)], ANA)

    with pytest.raises(TooExpensive):
        put(cart, dear, 2, ANA)
    with pytest.raises(TooExpensive):
        put(cart, cheap, 1, ANA)

    assert look_at(cart, ANA).total.amount == LARGEST


def test_a_member_who_shops_for_herself_keeps_the_limits(database):
    product = make_product(on_hand=9, max_quantity=3)
    owner = make_actor(Role.OWNER)
    cart = make_cart([(product, 3)], owner)

    with pytest.raises(OverLimit):
        put(cart, product, 4, owner)


def test_a_draft_keeps_its_new_name_and_price_to_the_merchant(database):
    product = make_product(on_hand=5)
    cart, name, price = make_cart([(product, 2)], ANA), product.name, product.price
    product.name, product.price, product.status = "Secret mug", 1, Status.DRAFT
    session().commit()

    shown = put(cart, product, 1, ANA)

    line = only(shown)
    assert (line.name, line.unit_price.amount, line.judged.available) == (name, price, None)
    assert (str(line.judged.reason), str(line.judged.message)) == ("not for sale", "Not for sale.")


def test_a_published_product_is_shown_as_it_is_now(database):
    product = make_product(on_hand=5)
    cart = make_cart([(product, 2)], ANA)
    product.name, product.price = "Larger mug", 200_000
    session().commit()

    line = only(look_at(cart, ANA))

    assert (line.name, line.line_total.amount) == ("Larger mug", 400_000)


@pytest.mark.parametrize(
    ("lines", "mode"),
    [
        ([("mug", 1)], "instant"),
        ([("sticker", 1)], "untracked"),
        ([("mug", 1), ("sticker", 1)], "instant"),
        ([("mug", 1), ("poster", 1)], "backorder"),
        ([("poster", 1), ("bowl", 1)], "on_request"),
    ],
)
def test_the_mode_is_what_an_order_of_it_would_be(database, lines, mode):
    merchant = make_merchant()
    products = {
        "mug": make_product(merchant, on_hand=5),
        "sticker": make_product(merchant, is_tracked=False),
        "poster": make_product(merchant, when_short=BACKORDER),
        "bowl": make_product(merchant),
    }
    wanted = [(products[name], units) for name, units in lines]

    cart = make_cart(wanted, ANA)

    assert look_at(cart, ANA).mode == mode == place_one(wanted).mode
