"""A real Vendure keeps what every kind of shop promises."""

import pytest

from tests.channels.kit.promises import Promises
from tests.shops.vendure_driver import VendureDriver

pytestmark = pytest.mark.xdist_group("vendure")


@pytest.fixture
def driver(vendure: VendureDriver) -> VendureDriver:
    """The shop."""
    return vendure


class TestKit(Promises):
    """All of it."""
