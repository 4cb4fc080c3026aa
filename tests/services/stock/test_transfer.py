"""Moving units between places and grades."""

import pytest
from sqlalchemy import select

from merchant_api.core.db import session
from merchant_api.stock import places
from merchant_api.stock.errors import InsufficientStock, SamePlace
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.models import Grade, Location
from merchant_api.stock.places import Place
from merchant_api.stock.states import Reason
from merchant_api.stock.transfer import Transfer, transfer
from tests.make.holds import make_hold
from tests.make.people import make_actor
from tests.make.stock import balances, make_product


def moved(product, target, quantity):
    return transfer(product.merchant_id, Transfer(product.id, Place(), target, quantity), make_actor())


@pytest.mark.parametrize(
    ("table", "target", "reason"),
    [(Location, Place(location="attic"), Reason.TRANSFER), (Grade, Place(grade="second"), Reason.REGRADE)],
)
def test_units_go_to_a_cell_that_is_made_for_them(database, table, target, reason):
    product = make_product(on_hand=5)
    places.add(table, product.merchant_id, target.location if table is Location else target.grade, 1)

    done = moved(product, target, 3)

    assert (done.source.balance.on_hand, done.target.balance.on_hand) == (2, 3)
    rows = select(LedgerRow.reason).where(LedgerRow.merchant_id == product.merchant_id, LedgerRow.on_hand_change < 4)
    assert session().execute(rows).scalars().all() == [reason, reason]


def test_promised_units_stay_where_they_are_held(database):
    product = make_product(on_hand=5)
    make_hold(product, 3)
    places.add(Location, product.merchant_id, "attic", 1)
    session().commit()

    with pytest.raises(InsufficientStock) as refused:
        moved(product, Place(location="attic"), 3)

    assert refused.value.members["available"] == 2
    assert balances(product) == (5, 3, 0)


def test_a_transfer_goes_somewhere_else(database):
    with pytest.raises(SamePlace):
        moved(make_product(on_hand=5), Place(), 1)
