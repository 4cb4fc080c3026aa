"""What tests of real shops are given: a database on the server of the run; and a loud word where Node is missing."""

import secrets
import socket
from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, make_url, text

from merchant_api.core.embedded.server import USER
from tests.shops import node

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
def shop_database(named: Callable[[], str]) -> str:
    """The address of an empty database for one shop, as programs on Node take it; it goes with the server."""
    url = make_url(named()).set(username=USER)
    name = f"shop_{secrets.token_hex(6)}"
    engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"postgres://{USER}@127.0.0.1:{url.query['port']}/{name}"


@pytest.fixture(scope="session")
def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
