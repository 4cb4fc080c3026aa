"""What tests of real shops are given: a database on the server of the run; and a loud word where Node is missing."""

import socket
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import create_engine, make_url, text

from merchant_api.core.embedded.server import USER
from tests.shops import node
from tests.shops.vendure_driver import VendureDriver

WHY_NOT = node.why_not()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Node there is no shop, and nothing of this folder is tried."""
    if WHY_NOT is not None:
        for item in items:
            item.add_marker(pytest.mark.skip(reason=WHY_NOT))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Nobody shall take a run without shops for one that passed."""
    if WHY_NOT is not None:
        terminalreporter.section("NO REAL SHOP WAS TRIED", sep="!", red=True, bold=True)
        terminalreporter.line(f"{WHY_NOT}.")


@pytest.fixture(scope="session")
def empty_database(named: Callable[[], str]) -> Callable[[], str]:
    """Makes an empty database for a shop; gives its address, as programs on Node take it. It goes with the server."""

    def make() -> str:
        url = make_url(named()).set(username=USER)
        engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {url.database}"))
        engine.dispose()
        return f"postgres://{USER}@127.0.0.1:{url.query['port']}/{url.database}"

    return make


@pytest.fixture(scope="session")
def new_port() -> Callable[[], int]:
    """Finds a port of loopback that nobody listens on."""

    def find() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
            return port

    return find


@pytest.fixture(scope="module")
def shop_database(empty_database: Callable[[], str]) -> str:
    """The empty database of a shop that one file of tests starts."""
    return empty_database()


@pytest.fixture(scope="module")
def free_port(new_port: Callable[[], int]) -> int:
    """The port of a shop that one file of tests starts."""
    return new_port()


@pytest.fixture(scope="session")
def vendure(
    empty_database: Callable[[], str], new_port: Callable[[], int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[VendureDriver]:
    """One Vendure for all tests that want it: what each needs, it adds."""
    shop = VendureDriver(tmp_path_factory.mktemp("shops") / "vendure", empty_database(), new_port())
    try:
        yield shop.set_up()
    finally:
        shop.stop()
