"""The roles of the embedded server: the owner migrates, the application and the jobs sign in as their own."""

from pathlib import Path

import pytest

from merchant_api.core import migrate
from merchant_api.core.embedded.attach import attach
from merchant_api.core.roles import APP, JOBS, ROLES
from tests.services.core.embedded.processes import ask, gone_within

WHO = "SELECT current_user, usesuper, usebypassrls FROM pg_user WHERE usename = current_user"
MAY = "SELECT has_table_privilege('orders', 'INSERT'), has_table_privilege('ledger', 'UPDATE')"


@pytest.mark.parametrize("role", ROLES)
def test_a_role_of_its_own_works_in_what_the_owner_made(data: Path, role: str) -> None:
    attached = attach(data)

    migrate.upgrade(attached.url)

    assert ask(attached.url_of(role), WHO) == [(role, False, False)]
    assert ask(attached.url_of(role), MAY) == [(True, False)]
    attached.release()


def test_a_folder_of_an_older_version_gets_them_when_it_is_started(data: Path) -> None:
    older = attach(data)
    migrate.upgrade(older.url)
    for role in ROLES:
        ask(older.url, f"DROP OWNED BY {role}")
        ask(older.url, f"DROP ROLE {role}")
    older.release()
    assert gone_within(8, data)

    newer = attach(data)
    migrate.upgrade(newer.url)

    assert [ask(newer.url_of(role), MAY) for role in (APP, JOBS)] == [[(True, False)]] * 2
    newer.release()
