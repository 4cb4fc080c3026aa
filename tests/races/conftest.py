"""A database of its own with room for many connections at once, and a proof at the end that its books agree."""

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from merchant_api.accounts.models import Merchant
from merchant_api.app import create_app
from merchant_api.core.db import session
from merchant_api.stock.audit import audit
from tests.conftest import on_new_database, settings_for
from tests.make.people import make_merchant
from tests.make.sessions import make_staged
from tests.make.snapshot import check_books


@pytest.fixture(scope="session")
def wide_app(named: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The worker's app for `crowd`: its pool lets 64 work at once."""
    return create_app(dataclasses.replace(settings_for(named(), tmp_path_factory.mktemp("data")), threads=64))


@pytest.fixture
def crowd(wide_app: Flask, clone: Callable[..., str], drop: Callable[[str], None]) -> Iterator[Flask]:
    """An app with room for many; afterwards every merchant's ledger, cells, holds and states agree."""
    with on_new_database(wide_app, clone, drop) as app:
        yield app
        session().rollback()
        for merchant_id in session().execute(select(Merchant.id)).scalars().all():
            check_books(merchant_id)
            assert list(audit(merchant_id).differences) == []


@pytest.fixture
def shop(crowd: Flask) -> Merchant:
    """A merchant who sells without a cap and counts: a session is staged, nothing is counted in it yet."""
    merchant = make_merchant(unpaid_orders_cap=0)
    make_staged(merchant)
    return merchant
