"""What waits for channels, made with the products that it is about, and rows as they are now."""

from merchant_api.accounts.models import Merchant
from merchant_api.catalog.models import Product
from merchant_api.channels.models import Channel, Listing
from merchant_api.core.actor import job
from merchant_api.core.db import session
from merchant_api.stock.ledger import Change
from merchant_api.stock.lock import lock_products
from merchant_api.stock.states import Reason
from tests.make.channels import make_level, make_listing
from tests.make.stock import make_product


def make_waiting(merchant: Merchant, channel: Channel, *units: int) -> list[Product]:
    """Products of which there are so many, listed in the channel, each with its level on the stack."""
    products = [make_product(merchant, on_hand) for on_hand in units]
    for product, on_hand in zip(products, units, strict=True):
        make_level(make_listing(channel, product), on_hand)
    return products


def listing_of(channel: Channel, product: Product) -> Listing:
    """The listing as it is now."""
    session().rollback()
    key = (channel.merchant_id, channel.id, product.id)
    return session().get_one(Listing, key, populate_existing=True)


def channel_now(channel: Channel) -> Channel:
    """The channel as it is now."""
    session().rollback()
    return session().get_one(Channel, (channel.merchant_id, channel.id), populate_existing=True)


def set_stock(product: Product, on_hand: int) -> None:
    """Bring the product's only cell to so many units, by the ledger."""
    book = lock_products(product.merchant_id, [product.id])
    ((cell, balance),) = book.balances.items()
    book.change(Change(cell, Reason.CORRECTION, on_hand=on_hand - balance.on_hand), job("tests"))
    book.write()
    session().commit()
