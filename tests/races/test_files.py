"""Files of counts that come in at the same moment, while somebody closes: each lands whole in one session."""

import pytest
from sqlalchemy import func, select

from merchant_api.core.db import session
from merchant_api.stock.sessions import csv_import, promote
from merchant_api.stock.sessions.models import Count
from merchant_api.stock.sessions.promote import Close
from tests.make.people import make_actor, make_merchant
from tests.make.sessions import make_count, make_staged
from tests.make.stock import make_product
from tests.races.rivals import at_once, in_own, said

LINES = 60


@pytest.fixture
def shop(crowd, monkeypatch):
    monkeypatch.setattr(csv_import, "BATCH", 7)
    merchant = make_merchant()
    make_staged(merchant)
    return merchant


def file_of(products, quantity):
    return csv_import.read("\n".join(["sku,quantity", *(f"{each.sku},{quantity}" for each in products)]).encode())


def bringing_in(merchant, draft):
    return in_own(lambda: csv_import.bring_in(merchant.id, draft, make_actor()))


def test_files_in_opposite_orders_do_not_wait_for_each_other_in_a_circle(crowd, shop):
    products = [make_product(shop) for _ in range(LINES)]
    drafts = [file_of(products[:: 1 if number % 2 else -1], number) for number in range(8)]

    results = at_once(crowd, [bringing_in(shop, draft) for draft in drafts])

    assert said(results) == {"ok": 8}
    rows = select(func.count()).where(Count.merchant_id == shop.id)
    assert session().execute(rows).scalar_one() == 8 * LINES


def test_a_file_lands_whole_in_the_session_before_a_close_or_after_it(crowd, shop):
    products = [make_product(shop) for _ in range(LINES)]
    make_count(products[0], 1)
    works = [bringing_in(shop, file_of(products, number)) for number in range(6)]
    works.insert(3, in_own(lambda: promote.close(shop.id, Close(), make_actor())))

    results = at_once(crowd, works)

    reports = [result for result in results if isinstance(result, csv_import.CountFileReport)]
    assert len(reports) == 6
    for report in reports:
        ids = [each.count_id for each in report.lines]
        found = select(Count.session_id, func.count()).where(Count.merchant_id == shop.id, Count.id.in_(ids))
        assert session().execute(found.group_by(Count.session_id)).all() == [(report.session_id, LINES)]
