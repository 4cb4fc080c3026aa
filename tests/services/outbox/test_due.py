"""Which merchants have work due: found by one probe of the index each."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from merchant_api.carts.models import Cart
from merchant_api.core import due
from merchant_api.core.db import session
from merchant_api.core.due import Due
from merchant_api.core.ids import new_id
from merchant_api.orders.models import Order
from merchant_api.outbox.models import Event, EventState
from tests.make.outbox import make_event

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_merchants_with_a_due_row_are_found_once_each(database):
    busy, quiet, done = new_id(), new_id(), new_id()
    for _ in range(3):
        make_event(busy, due_at=NOON)
    make_event(quiet, due_at=NOON + timedelta(seconds=1))
    make_event(done, due_at=NOON, state=EventState.DONE)

    found = Due(Event, "ix_events_due").merchants(NOON, limit=10)

    assert found == [busy]


def test_a_limited_scan_goes_on_where_the_last_one_ended_and_wraps_round(database):
    merchants = [new_id() for _ in range(5)]
    for merchant_id in merchants:
        make_event(merchant_id, due_at=NOON)

    seen = [Due(Event, "ix_events_due").merchants(NOON, limit=2) for _ in range(5)]

    assert all(len(found) == 2 for found in seen)
    assert sorted(each for found in seen for each in found) == sorted(merchants * 2)


def test_rows_of_a_merchant_come_the_longest_due_first(database):
    merchant_id = new_id()
    late = make_event(merchant_id, due_at=NOON - timedelta(hours=1))
    later = make_event(merchant_id, due_at=NOON - timedelta(hours=2))
    make_event(merchant_id, due_at=NOON + timedelta(hours=1))

    assert Due(Event, "ix_events_due").ids(merchant_id, NOON, limit=10) == [later.id, late.id]


def test_the_scan_uses_the_partial_index_in_all_its_parts(database):
    for model, index in ((Event, "ix_events_due"), (Order, "ix_orders_pickup_due"), (Cart, "ix_carts_open")):
        statement = due._scan(model, index).params(start=new_id(), at=NOON, limit=10)

        session().execute(text("SET LOCAL enable_seqscan = off"))
        session().execute(text("SET LOCAL enable_bitmapscan = off"))
        compiled = statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(session().execute(text("EXPLAIN " + str(compiled).replace(":", "\\:"))).scalars())

        assert plan.count(f"using {index}") == 4
        assert "Sort" not in plan
