"""The ledger book: balances and rows are written together."""

from merchant_api.core.actor import job
from merchant_api.core.db import session
from merchant_api.stock.ledger import Change
from merchant_api.stock.lock import lock_products
from merchant_api.stock.states import Reason
from tests.make.stock import balances, make_product


def test_a_change_is_written_with_its_balances(database):
    product = make_product(on_hand=5)

    book = lock_products(product.merchant_id, [product.id])
    key = next(iter(book.balances))
    book.change(Change(key, Reason.RECEIVED, on_hand=3, comment="a box"), job("tests"))
    book.write()
    session().commit()

    assert balances(product) == (8, 0, 0)
