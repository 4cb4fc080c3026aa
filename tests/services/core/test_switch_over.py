"""After a switch-over the old server only reads: the transaction goes to a new connection, and is done once."""

from flask import Flask
from sqlalchemy import select, text

from merchant_api.core.db import in_transaction, session
from merchant_api.core.tenancy import of
from merchant_api.stock.models import Location
from tests.make.people import make_merchant


def test_a_transaction_that_met_a_server_which_only_reads_is_done_on_another_connection(fresh: Flask):
    merchant, met = make_merchant(), []

    def rename():
        met.append(session().execute(text("SELECT pg_backend_pid()")).scalar_one())
        if len(met) == 1:
            session().execute(text("SET TRANSACTION READ ONLY"))
        where = session().execute(select(Location).where(Location.merchant_id == merchant.id)).scalar_one()
        where.name = "cellar"
        session().flush()

    in_transaction(rename, of(merchant.id))

    assert len(set(met)) == 2
    names = session().execute(select(Location.name).where(Location.merchant_id == merchant.id)).scalars().all()
    assert names == ["cellar"]
