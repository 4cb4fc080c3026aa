"""A real Medusa keeps its promises, and its own traps are known: what channels.md tells of it, seen again here."""

import secrets

import pytest

from merchant_api.channels.shop_levels import Acknowledged, ItemRef, LevelWanted
from tests.shops.medusa_driver import MedusaDriver
from tests.shops.medusa_program import MedusaProgram


@pytest.fixture(scope="session")
def medusa(shop_database, free_port, tmp_path_factory):
    program = MedusaProgram(tmp_path_factory.mktemp("medusa") / "shop", shop_database, free_port)
    try:
        yield MedusaDriver(program, program.make())
    finally:
        program.stop()


@pytest.fixture
def driver(medusa):
    medusa.start()
    return medusa


def test_it_is_checked(driver):
    found = driver.open().check()

    assert found.can == {"levels", "orders", "items"}
    assert (found.location, found.currency, list(found.problems)) == (driver.fittings.location, "NPR", [])


def test_a_level_is_set_and_sold(driver):
    item = driver.add_item(f"A-{secrets.token_hex(4)}", "Tea", 3)

    (outcome,) = driver.open().set_levels([LevelWanted(ItemRef(item), 9)])

    assert isinstance(outcome, Acknowledged)
    assert driver.level(item) == 9
