"""A real Medusa keeps the promises of the kit, and does what channels.md says of it."""

import pytest

from tests.channels.kit.in_step import InStep
from tests.channels.kit.promises import Promises
from tests.shops.medusa_driver import MedusaDriver
from tests.shops.medusa_program import MedusaProgram
from tests.shops.medusa_traps_items import MedusaItemTraps
from tests.shops.medusa_traps_levels import MedusaLevelTraps
from tests.shops.medusa_traps_orders import MedusaOrderTraps

pytestmark = pytest.mark.xdist_group("medusa")


@pytest.fixture(scope="module")
def medusa(shop_database, free_port, tmp_path_factory):
    """One shop for all that is tried here: what each needs, it adds."""
    program = MedusaProgram(tmp_path_factory.mktemp("medusa") / "shop", shop_database, free_port)
    try:
        yield MedusaDriver(program, program.make())
    finally:
        program.stop()


@pytest.fixture
def driver(medusa):
    """It runs, whatever the test before did to it."""
    medusa.start()
    return medusa


def test_a_key_is_checked(driver):
    found = driver.open().check()

    assert found.can == {"levels", "orders", "items"}
    assert (found.location, found.currency, list(found.problems)) == (driver.fittings.location, "NPR", [])


class TestMedusa(Promises):
    """What every kind keeps, on a real Medusa."""


class TestLevels(MedusaLevelTraps):
    """Levels of a real Medusa."""


class TestOrders(MedusaOrderTraps):
    """Orders of a real Medusa."""


class TestItems(MedusaItemTraps):
    """What a real Medusa sells."""


class TestInStep(InStep):
    """A real Medusa in step with our stock, end to end."""
