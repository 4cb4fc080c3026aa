"""Creating and changing products."""

import pytest
from sqlalchemy import select

from merchant_api.catalog.edit import ProductChanges
from merchant_api.catalog.errors import NoSuchProduct, NotForRegistrations, SkuTaken, WrongStatus
from merchant_api.catalog.models import Fulfilment, ProductKind, Status, WhenShort
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.shop import find
from merchant_api.shop.create import NewProduct, create
from merchant_api.shop.edit import edit
from merchant_api.shop.errors import StockOfUntracked, UnitsHeld, WrongCurrency
from merchant_api.shop.mode import Mode
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.states import Reason
from tests.make.holds import make_hold
from tests.make.people import make_actor, make_merchant
from tests.make.stock import balances, make_cell, make_product

PRICE = Money(150_000, "NPR")


def test_a_product_is_created_with_its_opening_stock(database):
    merchant = make_merchant()

    product = create(merchant.id, NewProduct("MUG-01", "Mug", PRICE, stock=25), make_actor())
    session().commit()

    assert balances(product) == (25, 0, 0)
    reasons = session().execute(select(LedgerRow.reason).where(LedgerRow.merchant_id == merchant.id)).scalars().all()
    assert reasons == [Reason.OPENING]


def test_merchandise_asks_when_short_and_is_carried_by_a_courier(database):
    product = create(make_merchant().id, NewProduct("MUG-01", "Mug", PRICE), make_actor())

    assert (product.when_short, product.fulfilment) == (WhenShort.ASK, Fulfilment.COURIER)
    assert product.status is Status.DRAFT


def test_a_registration_refuses_when_short_and_needs_no_courier(database):
    product = create(
        make_merchant().id, NewProduct("CLASS", "Class", PRICE, kind=ProductKind.REGISTRATION), make_actor()
    )

    assert (product.when_short, product.fulfilment) == (WhenShort.REFUSE, Fulfilment.NONE)


@pytest.mark.parametrize(
    ("wish", "field"),
    [({"when_short": WhenShort.BACKORDER}, "when_short"), ({"fulfilment": Fulfilment.COURIER}, "fulfilment")],
)
def test_a_registration_has_neither_backorder_nor_courier(database, wish, field):
    new = NewProduct("CLASS", "Class", PRICE, kind=ProductKind.REGISTRATION, **wish)

    with pytest.raises(NotForRegistrations) as refused:
        create(make_merchant().id, new, make_actor())

    assert list(refused.value.members["errors"]) == [field]


def test_a_sku_is_taken_once_per_merchant(database):
    merchant = make_merchant()
    create(merchant.id, NewProduct("MUG-01", "Mug", PRICE), make_actor())
    create(make_merchant().id, NewProduct("MUG-01", "Mug", PRICE), make_actor())

    with pytest.raises(SkuTaken):
        create(merchant.id, NewProduct("MUG-01", "Other mug", PRICE), make_actor())


def test_prices_are_in_the_merchants_currency(database):
    with pytest.raises(WrongCurrency):
        create(make_merchant().id, NewProduct("MUG-01", "Mug", Money(1, "EUR")), make_actor())


def test_an_untracked_product_has_no_opening_stock(database):
    with pytest.raises(StockOfUntracked):
        create(make_merchant().id, NewProduct("STICKER", "Sticker", PRICE, is_tracked=False, stock=1), make_actor())


def test_only_what_is_named_changes(database):
    product = make_product(name="Mug", description="Blue")

    edit(product.merchant_id, product.id, ProductChanges(name="Cup", price=Money(7, "NPR")))

    assert (product.name, product.description, product.price) == ("Cup", "Blue", 7)
    assert product.status is Status.PUBLISHED


def test_an_archived_product_is_published_by_way_of_a_draft(database):
    product = make_product(status=Status.ARCHIVED)

    with pytest.raises(WrongStatus):
        edit(product.merchant_id, product.id, ProductChanges(status=Status.PUBLISHED))
    for status in (Status.DRAFT, Status.PUBLISHED):
        edit(product.merchant_id, product.id, ProductChanges(status=status))

    assert product.status is Status.PUBLISHED


def test_a_registration_stays_without_backorder_when_it_is_changed(database):
    product = make_product(kind=ProductKind.REGISTRATION, fulfilment=Fulfilment.NONE, when_short=WhenShort.REFUSE)

    with pytest.raises(NotForRegistrations):
        edit(product.merchant_id, product.id, ProductChanges(when_short=WhenShort.BACKORDER))


def test_tracking_does_not_end_while_units_are_held(database):
    product = make_product(on_hand=5)
    make_hold(product, 2)

    with pytest.raises(UnitsHeld):
        edit(product.merchant_id, product.id, ProductChanges(is_tracked=False))

    assert edit(product.merchant_id, product.id, ProductChanges(is_tracked=True)).is_tracked


def test_the_product_of_another_merchant_is_not_found(database):
    with pytest.raises(NoSuchProduct):
        edit(make_merchant().id, make_product().id, ProductChanges(name="Mine"))


def test_what_one_cell_owes_counts_against_what_another_offers(database):
    product = make_product(on_hand=1)
    make_hold(product, 4)
    make_cell(product, 5, location="attic")

    shown = find.view(product)

    assert (shown.stock.available, shown.stock.owed, shown.stock.free) == (2, 3, 2)
    assert (shown.shown.mode, str(shown.shown.reason)) == (Mode.INSTANT, "2 available")
