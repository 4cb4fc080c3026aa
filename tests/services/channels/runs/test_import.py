"""The first import: a shop's items become products once, with their stock; what can't be taken says what to do."""

import pytest
from sqlalchemy import select

from merchant_api.accounts.models import Merchant
from merchant_api.catalog.models import Product, Status
from merchant_api.channels.faults import ShopAway
from merchant_api.channels.models import Listing
from merchant_api.channels.runs import start
from merchant_api.channels.runs.errors import NotPrimary, RunRunning
from merchant_api.channels.shop_items import ShopItem
from merchant_api.channels.shop_levels import ItemRef
from merchant_api.channels.states import RunKind, RunState
from merchant_api.core.db import session
from merchant_api.core.money import Money
from tests.make.channels import make_channel, stack_of
from tests.make.people import make_actor
from tests.make.snapshot import check_books
from tests.make.stock import balances, make_product
from tests.services.channels.runs.conftest import go_on

NPR = Money(1500, "NPR")


def item(shop_id, sku="", name="Mug", price=NPR, sells=5, **more):
    return ShopItem(ItemRef(shop_id), sku or f"S-{shop_id}", name, price, sells, **more)


def products(channel):
    session().expire_all()
    rows = select(Product).where(Product.merchant_id == channel.merchant_id).order_by(Product.sku)
    return session().execute(rows).scalars().all()


def test_items_become_products_with_stock_category_and_listing_and_nothing_is_sent_back(channel, shop, carried):
    shop.catalogue = [
        item("1", sells=7, categories=["Cups  and mugs", "Sale"]),
        item("2", is_for_sale=False),
        item("3", sells=None),
    ]

    run = carried(RunKind.IMPORT)

    mug, draft, uncounted = products(channel)
    assert (run.state, run.done, run.of, run.problems) == (RunState.DONE, 3, 3, [])
    assert (mug.sku, mug.price, mug.status, balances(mug)) == ("S-1", 1500, Status.PUBLISHED, (7, 0, 0))
    assert (draft.status, uncounted.is_tracked, mug.category_id is not None) == (Status.DRAFT, False, True)
    listing = session().get(Listing, (channel.merchant_id, channel.id, mug.id))
    assert (listing.shop_id, listing.expected) == ("1", 7)
    assert stack_of(channel.merchant_id) == []
    check_books(channel.merchant_id)


def test_imported_twice_nothing_comes_twice(channel, shop, carried):
    shop.catalogue = [item("1"), item("2"), item("3")]
    carried(RunKind.IMPORT)
    before = [(row.id, balances(row)) for row in products(channel)]

    again = carried(RunKind.IMPORT)

    assert (again.state, again.changes) == (RunState.DONE, [])
    assert [(row.id, balances(row)) for row in products(channel)] == before


def test_without_apply_it_is_only_told_what_would_come(channel, shop, carried):
    shop.catalogue = [item("1", sells=7)]

    run = carried(RunKind.IMPORT, apply=False)

    told = {"shop_id": "1", "sku": "S-1", "name": "Mug", "what": "new", "stock": 7}
    assert (run.changes, products(channel)) == ([told], [])


def test_an_item_whose_sku_we_have_is_listed_with_that_product_whose_stock_stays(channel, shop, carried):
    ours = make_product(session().get(Merchant, channel.merchant_id), on_hand=3, sku="MUG-01")
    shop.catalogue = [item("1", sku=" mug-01 ", sells=9)]

    run = carried(RunKind.IMPORT)

    assert [each["what"] for each in run.changes] == ["listed"]
    assert (products(channel)[0].id, balances(ours)) == (ours.id, (3, 0, 0))
    listing = session().get(Listing, (channel.merchant_id, channel.id, ours.id))
    assert (listing.drift_ours, listing.drift_theirs, stack_of(channel.merchant_id)) == (3, 9, [])


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"sku": "   "}, "It has no SKU"),
        ({"sku": "x" * 65}, "Its SKU can't be ours"),
        ({"price": Money(1500, "USD")}, "It is priced in USD, and we sell in NPR."),
        ({"sells": -3}, "The shop has -3: it sold more than it had."),
        ({"sells": 3_000_000_000}, "The shop has 3000000000: it came with 1000000, the most there can be."),
        ({"price": None}, "It has no price: it came as a draft."),
        ({"sku": "S-1"}, "Two items of the shop have the SKU S-1"),
        ({"problems": ["It has 2.5 in stock."]}, "It has 2.5 in stock."),
    ],
)
def test_what_can_not_be_taken_is_told_and_the_others_come(channel, shop, carried, wrong, why):
    shop.catalogue = [item("1"), item("2", **wrong), item("3")]

    run = carried(RunKind.IMPORT)

    assert (run.state, len(run.problems), run.problems[0]["shop_id"]) == (RunState.DONE, 1, "2")
    assert run.problems[0]["why"].startswith(why)
    assert {"S-1", "S-3"} <= {row.sku for row in products(channel)}


def test_an_import_goes_on_where_it_was_when_its_shop_or_its_process_was_away(channel, shop, carried):
    shop.catalogue = [item(str(number)) for number in range(5)]

    def once(_call):
        if len(shop.calls) == 2:
            raise ShopAway("The shop can't be reached.")

    shop.before = once
    run = carried(RunKind.IMPORT)
    assert (run.state, run.done, run.cursor) == (RunState.PENDING, 2, "2")
    run.due_at = run.created_at
    session().commit()

    assert (go_on(run).state, len(products(channel))) == (RunState.DONE, 5)
    assert shop.calls == ["items None", "items 2", "items 2", "items 4"]


def test_only_the_primary_channel_gives_products_and_one_run_goes_at_a_time(channel, shop):
    other = make_channel(session().get(Merchant, channel.merchant_id))
    asked = start.RunAsked(apply=True)
    start.start(channel.merchant_id, channel.id, RunKind.IMPORT, asked, make_actor())

    with pytest.raises(NotPrimary):
        start.start(channel.merchant_id, other.id, RunKind.IMPORT, asked, make_actor())
    with pytest.raises(RunRunning):
        start.start(channel.merchant_id, channel.id, RunKind.PULL, asked, make_actor())


def test_a_stopped_import_keeps_what_it_took(channel, shop, carried):
    shop.catalogue = [item(str(number)) for number in range(5)]

    def away(_call):
        if len(shop.calls) == 2:
            raise ShopAway("The shop can't be reached.")

    shop.before = away
    run = carried(RunKind.IMPORT)

    start.stop(channel.merchant_id, channel.id, run.id)
    run.due_at = run.created_at
    session().commit()

    assert (go_on(run).state, len(products(channel)), len(shop.calls)) == (RunState.STOPPED, 2, 2)
