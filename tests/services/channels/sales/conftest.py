"""A merchant with a shop called Corner, and a mug that is listed there."""

import pytest

from tests.make.channels import make_channel, make_listing
from tests.make.people import make_merchant
from tests.make.stock import make_product


@pytest.fixture
def merchant(database):
    return make_merchant()


@pytest.fixture
def channel(merchant):
    return make_channel(merchant, name="Corner")


@pytest.fixture
def mug(merchant):
    return make_product(merchant, on_hand=5, sku="MUG")


@pytest.fixture
def listing(channel, mug):
    return make_listing(channel, mug, acknowledged=5)
