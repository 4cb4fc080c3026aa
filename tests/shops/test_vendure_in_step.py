"""A real Vendure in step with our stock, end to end."""

import pytest

from tests.channels.kit.in_step import InStep
from tests.shops.vendure_driver import VendureDriver

pytestmark = pytest.mark.xdist_group("vendure")


class TestInStep(InStep):
    """With one Vendure for all of them."""

    @pytest.fixture
    def driver(self, vendure: VendureDriver) -> VendureDriver:
        return vendure
