"""An unsafe database is refused by what the application's own connections see of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url, text

from merchant_api.accounts import tokens
from merchant_api.app import create_app
from merchant_api.core import migrate, unsafe_database
from merchant_api.core.db import db
from merchant_api.core.embedded.server import USER
from merchant_api.core.settings import BadSetting, Settings
from tests.conftest import settings_for
from tests.make.tokens import bearer
from tests.server import TestServer

FSYNC, COMMITS, ROLE = "  fsync is off", "  synchronous_commit is off", '  the role "{}" is a superuser'


@pytest.fixture(scope="module")
def server() -> Iterator[TestServer]:
    """A durable server, with a role for the application that is no superuser."""
    server = TestServer(fsync="on").start()
    migrate.upgrade(server.url())
    tell(server, f"CREATE ROLE app LOGIN NOINHERIT IN ROLE {USER}")  # so that the suite can step out (tests/tenancy.py)
    yield server
    server.stop()


@pytest.fixture
def settings(server: TestServer, tmp_path: Path) -> Iterator[Settings]:
    url = make_url(server.url()).set(username="app").render_as_string(hide_password=False)
    yield settings_for(url, tmp_path)
    tell(server, "ALTER ROLE app NOSUPERUSER NOBYPASSRLS", "ALTER ROLE app RESET ALL")
    tell(server, "ALTER DATABASE postgres RESET ALL")


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """An app as a worker of the API has it."""
    app = create_app(settings)
    unsafe_database.watch(app)
    yield app
    with app.app_context():
        db.engine.dispose()


def tell(server: TestServer, *statements: str) -> None:
    """As the server's superuser."""
    engine = create_engine(server.url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_a_durable_database_and_a_role_of_ones_own_are_taken(settings):
    for role in ("api", "jobs"):
        unsafe_database.check(settings, role)


@pytest.mark.parametrize(
    ("made", "fault"),
    [
        ("ALTER ROLE app SET synchronous_commit = off", COMMITS),
        ("ALTER DATABASE postgres SET synchronous_commit = off", COMMITS),
        ("ALTER ROLE app SUPERUSER", ROLE.format("app")),
        ("ALTER ROLE app BYPASSRLS", ROLE.format("app")),
    ],
)
@pytest.mark.parametrize("role", ["api", "jobs"])
def test_what_only_the_applications_role_meets_is_found(settings, server, role, made, fault):
    tell(server, made)

    with pytest.raises(BadSetting) as refused:
        unsafe_database.check(settings, role)

    first, *lines = str(refused.value).splitlines()
    assert "ORDERBELL_ALLOW_UNSAFE_DATABASE=1" in first
    assert [line.startswith(fault) for line in lines] == [True]
    unsafe_database.check(replace(settings, allow_unsafe_database=True), role)


def test_each_thing_that_is_wrong_has_a_line(clone, drop, tmp_path):
    url = clone()

    with pytest.raises(BadSetting) as refused:
        unsafe_database.check(settings_for(url, tmp_path), "api")

    drop(url)
    lines = str(refused.value).splitlines()[1:]
    assert [line.startswith(fault) for line, fault in zip(lines, (FSYNC, ROLE.format(USER)), strict=True)] == [
        True,
        True,
    ]


@pytest.mark.parametrize("level", ["local", "remote_write", "on", "remote_apply"])
def test_every_level_that_waits_for_the_disk_here_is_safe(level):
    assert unsafe_database.faults("on", level, None) == []


def test_a_database_that_is_away_at_the_start_is_looked_at_when_it_is_there(settings):
    unsafe_database.check(replace(settings, database_url="postgresql+psycopg://app@127.0.0.1:1/nowhere"), "api")


def test_a_pool_that_meets_an_unsafe_database_later_serves_nothing_until_it_is_safe(app, server):
    with app.test_client() as client:
        tell(server, "ALTER ROLE app SET synchronous_commit = off")
        refused = client.get("/readyz"), client.get("/v1/me", headers=bearer(tokens.new_access()))
        tell(server, "ALTER ROLE app RESET ALL")
        taken = client.get("/readyz")

    assert [reply.status_code for reply in refused] == [503, 503]
    assert refused[0].json["database"].startswith("unsafe")
    assert taken.status_code == 200
