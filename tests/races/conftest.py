"""A database of its own with room for many connections at once, and a proof at the end that its books agree."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from merchant_api.accounts.models import Merchant
from merchant_api.app import create_app
from merchant_api.core.db import db, session
from merchant_api.stock.audit import audit
from tests.conftest import settings_for
from tests.make.people import make_merchant
from tests.make.sessions import make_staged
from tests.make.snapshot import check_books


@pytest.fixture
def crowd(clone: Callable[[], str], drop: Callable[[str], None], tmp_path: Path) -> Iterator[Flask]:
    """An app whose pool lets 64 work at once; afterwards every merchant's ledger, cells, holds and states agree."""
    url = clone()
    app = create_app(dataclasses.replace(settings_for(url, tmp_path), threads=64))
    with app.app_context():
        yield app
        session().rollback()
        for merchant_id in session().execute(select(Merchant.id)).scalars().all():
            check_books(merchant_id)
            assert list(audit(merchant_id).differences) == []
        db.session.remove()
        db.engine.dispose()
    drop(url)


@pytest.fixture
def shop(crowd: Flask) -> Merchant:
    """A merchant who sells without a cap and counts: a session is staged, nothing is counted in it yet."""
    merchant = make_merchant(unpaid_orders_cap=0)
    make_staged(merchant)
    return merchant
