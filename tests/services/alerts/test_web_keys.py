"""The installation's key pair: one, for all processes, sealed."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from merchant_api.alerts import web_keys
from merchant_api.alerts.models import InstallationKey
from merchant_api.core.db import in_transaction, session


def test_processes_that_start_at_once_get_the_same_keys(fresh):
    def ask(_):
        with fresh.app_context():
            return in_transaction(web_keys.keys)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, range(4)))

    assert len({each.private_pem for each in found}) == 1
    assert "PRIVATE KEY" not in repr(found[0])
    row = session().execute(select(InstallationKey)).scalar_one()
    assert row.public == found[0].public
    assert b"PRIVATE KEY" not in row.sealed
