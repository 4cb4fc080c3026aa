"""A stand-in for Firebase, the deliveries of one process, and a way to let both loops come to rest."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from jobs import sweep
from jobs.sending.senders import Sending
from jobs.telling import fan_out
from merchant_api.app import create_app
from merchant_api.core.roles import JOBS
from merchant_api.core.settings import Settings
from tests.conftest import settings_for
from tests.fakes.fcm import FakeFcm
from tests.fakes.push_receiver import PushReceiver
from tests.tenancy import as_role


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine, one run works off what is due."""
    monkeypatch.setattr(sweep, "LONGEST_RUN_S", 60.0)


@pytest.fixture(scope="session")
def app(clone: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The worker's app on a database that it keeps, signed in as the jobs are."""
    return create_app(settings_for(as_role(clone(), JOBS), tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="session")
def second_app(named: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The worker's app for `fresh`, signed in as the jobs are."""
    return create_app(settings_for(as_role(named(), JOBS), tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="module")
def google() -> Iterator[FakeFcm]:
    with FakeFcm() as fake:
        yield fake


@pytest.fixture
def fcm(google: FakeFcm, monkeypatch: pytest.MonkeyPatch) -> FakeFcm:
    for name, value in google.environment().items():
        monkeypatch.setenv(name, value)
    google.received.clear()
    google.queue.clear()
    google.by_prefix.clear()
    return google


@pytest.fixture
def push_service() -> Iterator[PushReceiver]:
    with PushReceiver() as receiver:
        yield receiver


@pytest.fixture
def settings(fresh: Flask, fcm: FakeFcm, push_service: PushReceiver, tmp_path: Path) -> Settings:
    account = fcm.service_account(tmp_path / "account.json")
    plain: Settings = fresh.extensions["orderbell.settings"]
    return replace(plain, google_credentials=str(account), push_allowed_hosts=frozenset({push_service.host}))


@pytest.fixture
def sending(settings: Settings) -> Iterator[Sending]:
    """The deliveries of this process; the test takes the turns."""
    made = Sending(settings)
    yield made
    made.drain(5)
    made.close()


@pytest.fixture
def all_told(sending: Sending) -> Callable[[], None]:
    """Fan out and deliver until nothing is due and nothing on its way."""

    def settle() -> None:
        while fan_out.run().done:
            pass
        until = time.monotonic() + 10
        while sending.turn() or sending.is_busy:
            assert time.monotonic() < until
            time.sleep(0.005)

    return settle
