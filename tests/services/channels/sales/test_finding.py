"""Which product a line of a shop is: its listing, its SKU, and nothing that would be guessed."""

import pytest

from merchant_api.channels.sales.solve import SaleSolution, solve
from merchant_api.channels.states import SaleState
from tests.make.channels import make_listing
from tests.make.sales import shop_line, shop_order, told
from tests.make.stock import available, make_product


def test_the_listing_is_asked_before_the_sku(channel, merchant, mug):
    bowl = make_product(merchant, on_hand=5)
    make_listing(channel, bowl, shop_id="77")

    told(channel, shop_order(shop_line(mug, 2, shop_id="77")))

    assert (available(mug), available(bowl)) == (5, 3)


@pytest.mark.parametrize("sku", [" mug ", "Mug", "MUG"])
def test_a_sku_counts_without_its_blanks_and_its_case(channel, mug, sku):
    told(channel, shop_order(shop_line(sku)))

    assert available(mug) == 4


def test_the_products_of_a_draft_are_found_too(channel, merchant):
    order = shop_order(shop_line("  x "))
    bowl = make_product(merchant, on_hand=1, sku="X", status="draft")

    told(channel, order)

    assert available(bowl) == 0


def test_a_line_that_nobody_knows_gives_nothing_back_that_a_call_told(channel, mug):
    told(channel, shop_order(shop_line("OTHER", 2, key="1", product_id=mug.id)))

    stands = told(channel, shop_order(shop_line("NONE", 2, key="line-77")))

    assert (stands.state, available(mug)) == (SaleState.PARKED, 3)
    assert solve(channel.merchant_id, channel.id, "#1001", SaleSolution(lines={1: mug.id})).state is SaleState.TAKEN
    assert available(mug) == 3
