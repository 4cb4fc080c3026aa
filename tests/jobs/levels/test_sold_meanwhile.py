"""An order of the shop that is imported while a level is on its way: what the shop sells is read once more."""

from jobs.channels import note
from merchant_api.accounts.models import Merchant
from merchant_api.core.db import session
from tests.make.channels import make_channel, make_listing
from tests.make.levels import listing_of, set_stock
from tests.make.people import make_merchant
from tests.make.sales import shop_line, shop_order, told
from tests.make.stock import make_product


def test_what_came_in_meanwhile_is_not_taken_for_known(fresh, shops, sending, all_sent):
    channel = make_channel(make_merchant(), settings={"most": 10})
    mug = make_product(session().get(Merchant, channel.merchant_id), on_hand=100)
    make_listing(channel, mug, acknowledged=10)
    set_stock(mug, 5)
    shops.gate(channel.address).clear()
    all_due(sending)
    told(channel, shop_order(shop_line(mug, 1)))
    shops.gates[channel.address].set()

    all_sent()

    listing = listing_of(channel, mug)
    assert (listing.expected, listing.sold, listing.sold_then) == (4, 1, 1)
    assert shops.calls[-1] == (channel.address, [(mug.sku, 4)])


def all_due(sending):
    """Note and set out, without waiting for what comes back."""
    note.run()
    assert sending.turn() == 1
