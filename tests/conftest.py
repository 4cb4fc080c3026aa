"""One PostgreSQL server for the whole run, migrated once; a database of its own for each worker, cloned from it.

`database` gives a test a transaction that is rolled back; `fresh` a database of its own, for real commits.
"""

import contextlib
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, make_url, text

from merchant_api.app import create_app
from merchant_api.core import db as database_module
from merchant_api.core import ids, log, migrate
from merchant_api.core.db import db
from merchant_api.core.settings import Settings
from tests import tenancy
from tests.server import TestServer
from tests.tenancy import OWNER, as_role

pytest_plugins = ("tests.house.statements",)
TEMPLATE = "template_orderbell"
_SERVER = pytest.StashKey[TestServer]()
_URL = pytest.StashKey[str]()
SECRET = "a secret of the tests, 32 characters long"


def pytest_configure(config: pytest.Config) -> None:
    """Start the server where the run is steered; workers are told its address."""
    log.configure()
    tenancy.step_out()
    worker = getattr(config, "workerinput", None)
    if worker is not None:
        config.stash[_URL] = worker["server_url"]
        return
    if config.option.collectonly:
        return
    server = TestServer().start()
    config.stash[_SERVER] = server
    config.stash[_URL] = server.url()
    for role in tenancy.MAKE_ROLES:
        _administer(server.url(), role)
    _administer(server.url(), f"CREATE DATABASE {TEMPLATE} OWNER {OWNER}")
    migrate.upgrade(as_role(server.url(TEMPLATE), OWNER))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of xdist where the server is."""
    node.workerinput["server_url"] = node.config.stash[_URL]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server where it was started."""
    if _SERVER in config.stash:
        config.stash[_SERVER].stop()


def _administer(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def settings_for(url: str, data: Path) -> Settings:
    """Settings of an app on a test database."""
    return Settings(
        database_url=url,
        data=data,
        host="127.0.0.1",
        port=8000,
        workers=1,
        threads=4,
        secret_keys=(SECRET,),
        google_credentials="",
        demo_password="",
        push_contact="mailto:push@example.com",
        push_allowed_hosts=frozenset(),
    )


@pytest.fixture(scope="session")
def clone(request: pytest.FixtureRequest) -> Callable[..., str]:
    """Makes a migrated, empty database, under a name of its own or the one stated; gives its URL for the superuser."""
    server = request.config.stash[_URL]

    def make(name: str = "") -> str:
        name = name or f"t_{secrets.token_hex(6)}"
        _administer(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {OWNER}")
        return make_url(server).set(database=name).render_as_string(hide_password=False)

    return make


@pytest.fixture(scope="session")
def drop(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Drops a database that `clone` made."""
    server = request.config.stash[_URL]
    return lambda url: _administer(server, f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")


@pytest.fixture(scope="session")
def app(clone: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The worker's app on the worker's database."""
    app = create_app(settings_for(as_role(clone()), tmp_path_factory.mktemp("data")))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def database(app: Flask) -> Iterator[Flask]:
    """An app context whose transaction is rolled back after the test; every commit inside is a savepoint."""
    with app.app_context():
        engine = db.engine
        with engine.connect() as connection:
            outer = connection.begin()
            db.engines[None] = connection
            try:
                yield app
            finally:
                db.session.remove()
                db.engines[None] = engine
                outer.rollback()


@pytest.fixture
def client(database: Flask) -> FlaskClient:
    """An HTTP client inside the test's transaction."""
    return database.test_client()


@pytest.fixture(scope="session")
def named(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Gives the URL, for the application, of a database that is not there yet."""
    url = make_url(as_role(request.config.stash[_URL]))
    return lambda: url.set(database=f"t_{secrets.token_hex(6)}").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def second_app(named: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The worker's app for `fresh`: made once, with every statement it ever compiled; its database comes and goes."""
    return create_app(settings_for(named(), tmp_path_factory.mktemp("data")))


@contextlib.contextmanager
def on_new_database(app: Flask, clone: Callable[..., str], drop: Callable[[str], None]) -> Iterator[Flask]:
    """Inside its context the app works on an empty database under the name that its settings state."""
    url = clone(make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database)
    extensions = dict(app.extensions)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()
            app.extensions.update(extensions)  # a test may have put a seal or settings of its own
            drop(url)


@pytest.fixture
def fresh(second_app: Flask, clone: Callable[..., str], drop: Callable[[str], None]) -> Iterator[Flask]:
    """An app on a new database that nobody else uses, for races, snapshots and jobs: commits are real."""
    with on_new_database(second_app, clone, drop) as app:
        yield app


@pytest.fixture(autouse=True)
def _no_leftovers() -> Iterator[None]:
    """A pinned clock or a bound session never outlives its test, nor do ids of the later instants it had."""
    ids._last = 0
    yield
    assert database_module.clock._pinned is None
