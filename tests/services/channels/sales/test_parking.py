"""What can't be taken is parked in sight, with a sentence that says what to do, and goes on once it is solved."""

import pytest

from merchant_api.channels.sales.errors import SaleSolved
from merchant_api.channels.sales.solve import SaleSolution, solve
from merchant_api.channels.states import SaleState
from merchant_api.core.ids import new_id
from merchant_api.core.money import Money
from merchant_api.orders.errors import UnknownLine, UnknownProduct
from tests.make.channels import make_listing
from tests.make.sales import orders_of, sale_of, shop_line, shop_order, told
from tests.make.stock import available, make_product


def solved(channel, external_id="#1001", **wish):
    return solve(channel.merchant_id, channel.id, external_id, SaleSolution(**wish))


def test_an_unknown_sku_parks_the_whole_order_and_names_its_line(channel, mug):
    stands = told(channel, shop_order(shop_line(mug), shop_line("NONE"), shop_line("")))

    assert stands.state is SaleState.PARKED
    assert "Line 2 (Name of NONE, SKU NONE) is no product here" in stands.why
    assert "Line 3" in stands.why
    assert "no SKU" in stands.why
    assert (orders_of(channel), available(mug)) == ([], 5)


def test_who_names_the_product_has_the_order_taken(channel, mug):
    told(channel, shop_order(shop_line("NONE", 2)))

    stands = solved(channel, lines={1: mug.id})

    assert (stands.state, available(mug)) == (SaleState.TAKEN, 3)
    with pytest.raises(SaleSolved):
        solved(channel)


def test_what_is_listed_meanwhile_is_taken_at_the_next_try(channel, mug):
    told(channel, shop_order(shop_line("NONE", 2, shop_id="77")))
    make_listing(channel, mug, shop_id="77")

    assert solved(channel).state is SaleState.TAKEN

    assert available(mug) == 3


def test_two_candidates_are_shown_and_never_guessed(channel, merchant, mug):
    twin = make_product(merchant, on_hand=5, sku="Mug", sku_key="mug", twin=1)
    stands = told(channel, shop_order(shop_line("mug")))
    assert (stands.state, stands.why) == (
        SaleState.PARKED,
        "Line 1 (Name of mug, SKU mug) may be 2 products: say which one it is.",
    )

    solved(channel, lines={1: twin.id})

    assert (available(mug), available(twin)) == (5, 4)


def test_another_currency_is_parked_and_says_what_to_do(channel, mug):
    line = shop_line(mug, unit_price=Money(10, "EUR"))

    stands = told(channel, shop_order(line, currency="EUR"))

    assert stands.state is SaleState.PARKED
    assert stands.why.startswith("It is in EUR, and this merchant sells in NPR: change the stock by hand")
    assert available(mug) == 5


@pytest.mark.parametrize("price", [-1, 10**15 + 1])
def test_a_price_that_can_not_be_is_parked(channel, mug, price):
    stands = told(channel, shop_order(shop_line(mug, unit_price=Money(price, "NPR"))))

    assert (stands.state, available(mug)) == (SaleState.PARKED, 5)


def test_more_units_than_can_be_are_parked(channel, mug):
    stands = told(channel, shop_order(shop_line(mug, 1_000_001)))

    assert (stands.state, available(mug)) == (SaleState.PARKED, 5)
    assert "Line 1 has more units than can be" in stands.why


def test_what_placing_refuses_all_the_same_is_parked_with_its_sentence(channel, mug):
    stands = told(channel, shop_order(shop_line(mug, 1_000_000), shop_line(mug, 1_000_000, key="2")))

    assert stands.state is SaleState.PARKED
    assert stands.why.startswith("It could not be taken: ")
    assert available(mug) == 5


def test_an_order_that_is_ignored_stays_ignored(channel, mug):
    told(channel, shop_order(shop_line("NONE")))
    solved(channel, ignore=True, reason="a test of the shop")

    told(channel, shop_order(shop_line(mug)))

    assert (sale_of(channel).state, sale_of(channel).why) == (SaleState.IGNORED, "a test of the shop")
    assert available(mug) == 5


def test_a_parked_order_that_the_shop_cancels_needs_nobody_any_more(channel):
    told(channel, shop_order(shop_line("NONE", 2)))

    stands = told(channel, shop_order(shop_line("NONE", 2, taken=0, cancelled=2)))

    assert (stands.state, stands.order_id) == (SaleState.TAKEN, None)


def test_an_unknown_line_that_is_added_later_keeps_the_others_going(channel, mug):
    told(channel, shop_order(shop_line(mug, 1)))

    stands = told(channel, shop_order(shop_line(mug, 3), shop_line("NONE")))

    assert (stands.state, available(mug)) == (SaleState.PARKED, 2)
    assert "Line 2" in stands.why


@pytest.mark.parametrize(("lines", "refusal"), [({2: None}, UnknownLine), ({1: "other"}, UnknownProduct)])
def test_a_solution_names_lines_and_products_that_there_are(channel, mug, lines, refusal):
    told(channel, shop_order(shop_line("NONE")))
    wish = {number: mug.id if each is None else new_id() for number, each in lines.items()}

    with pytest.raises(refusal):
        solved(channel, lines=wish)

    assert sale_of(channel).applied.get("chosen", {}) == {}
