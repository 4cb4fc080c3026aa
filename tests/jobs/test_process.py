"""The job process as it is run: killed, stopped, cut off from its database; what was due is done all the same."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, select, text

from jobs.telling import fan_out
from merchant_api.alerts.models import Device
from merchant_api.core import pulse
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.core.embedded.server import USER
from merchant_api.core.seal import Seal
from merchant_api.outbox.models import Delivery, DeliveryState
from tests.fakes.fcm import OK, UNREGISTERED, FakeFcm
from tests.make.alerts import make_phone
from tests.make.orders import place_one
from tests.make.people import make_actor, make_customer, make_member, make_merchant
from tests.make.stock import make_product

pytestmark = pytest.mark.xdist_group("processes")  # one after the other: a start takes a whole core
ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0  # a start takes seconds where the machine is busy
KEY = "a-key-of-the-tests-that-a-process-can-be-told"


class SlowFcm(FakeFcm):
    """Holds its first answer until it is let go."""

    def prepare(self, first=OK):
        self.first, self.let_go = first, threading.Event()

    def take(self, message, at):
        answer = super().take(message, at)
        if len(self.received) > 1:
            return answer
        self.let_go.wait(60)
        return self.first


@pytest.fixture
def slow_fcm():
    with SlowFcm() as fake:
        fake.prepare()
        yield fake
        fake.let_go.set()


@pytest.fixture
def start(fresh, tmp_path):
    """Starts job processes on the test's database; ends those that still run."""
    started = []

    def start(fcm=None, deadline_s=15):
        environment = {
            **os.environ,
            **(fcm.environment() if fcm else {}),
            "DATABASE_URL": fresh.config["SQLALCHEMY_DATABASE_URI"],
            "ORDERBELL_SECRET_KEYS": KEY,
            "ORDERBELL_DATA": str(tmp_path),
            "ORDERBELL_ALLOW_UNSAFE_DATABASE": "1",
            "ORDERBELL_PUSH_DEADLINE_S": str(deadline_s),
        }
        if fcm:
            environment["GOOGLE_APPLICATION_CREDENTIALS"] = str(fcm.service_account(tmp_path / "account.json"))
        process = subprocess.Popen(
            [sys.executable, "-m", "jobs"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        lines[process.pid] = queue.SimpleQueue()
        threading.Thread(target=_pump, args=(process, lines[process.pid]), daemon=True).start()
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


lines: dict[int, queue.SimpleQueue[str]] = {}


def _pump(process, to):
    with process.stdout as said:
        for line in said:
            to.put(line)


def line_of(process):
    """The next line that a process prints."""
    return lines[process.pid].get(timeout=PATIENCE_S)


@pytest.fixture
def rung(fresh):
    """A merchant whose owner's phone is about to ring."""
    fresh.extensions["orderbell.seal"] = Seal((KEY,))
    merchant = make_merchant()
    make_phone(make_member(merchant), "fid-owner")
    customer = make_actor(Role.CUSTOMER, person=make_customer(merchant))
    place_one([(make_product(merchant, on_hand=0), 1)], customer)
    return merchant


def until(condition):
    """Wait for a condition on the database."""
    ends_at = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < ends_at
        session().rollback()
        time.sleep(0.02)
    session().rollback()


def the_delivery():
    return session().execute(select(Delivery).execution_options(populate_existing=True)).scalars().one_or_none()


def is_sent():
    delivery = the_delivery()
    return delivery is not None and delivery.state is DeliveryState.SENT


@contextmanager
def nobody_connected():
    """The test's database takes no connections, and has none."""
    url = make_url(session().get_bind().url).set(username=USER)
    admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    session().close()
    with admin.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS false"))
        others = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        connection.execute(others, {"name": url.database})
        try:
            yield
        finally:
            connection.execute(text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS true"))
    admin.dispose()


def test_what_a_killed_process_had_on_its_way_is_sent_by_another(rung, start, slow_fcm):
    first = start(slow_fcm, deadline_s=1)
    slow_fcm.wait_for(1, PATIENCE_S)

    first.kill()
    first.wait()
    start(slow_fcm, deadline_s=1)

    received = slow_fcm.wait_for(2, PATIENCE_S)
    until(is_sent)
    assert the_delivery().attempts == 2
    assert len({each.message["data"]["id"] for each in received}) == 1


def test_what_a_stalled_process_says_late_changes_nothing(rung, start, slow_fcm):
    slow_fcm.prepare(first=UNREGISTERED)
    stalled = start(slow_fcm, deadline_s=1)
    slow_fcm.wait_for(1, PATIENCE_S)
    stalled.send_signal(signal.SIGSTOP)
    start(slow_fcm, deadline_s=1)
    slow_fcm.wait_for(2, PATIENCE_S)
    until(is_sent)

    slow_fcm.let_go.set()
    stalled.send_signal(signal.SIGCONT)
    stalled.send_signal(signal.SIGTERM)

    assert stalled.wait(PATIENCE_S) == 0
    assert the_delivery().state is DeliveryState.SENT
    assert len(session().execute(select(Device)).scalars().all()) == 1


def test_a_stop_waits_for_what_is_on_its_way_and_takes_seconds(rung, start, slow_fcm):
    process = start(slow_fcm)
    slow_fcm.wait_for(1, PATIENCE_S)

    process.send_signal(signal.SIGTERM)
    threading.Timer(0.5, slow_fcm.let_go.set).start()

    assert process.wait(15) == 0
    assert the_delivery().state is DeliveryState.SENT


def test_without_an_account_at_google_the_push_is_shown_and_names_no_address(rung, start):
    process = start()

    line = line_of(process)

    assert line.startswith("[push] to Binod (merchant, phone): Order ")
    assert line.endswith("[accept|decline]\n")
    assert "fid-owner" not in line


def test_a_stop_without_a_database_ends_in_order(rung, start, slow_fcm):
    process = start(slow_fcm)
    slow_fcm.wait_for(1, PATIENCE_S)

    with nobody_connected():
        process.send_signal(signal.SIGTERM)
        slow_fcm.let_go.set()

        assert process.wait(PATIENCE_S) == 0


def test_a_database_that_went_away_is_found_again(rung, start):
    process = start()
    assert line_of(process)
    merchant_id = rung.id

    with nobody_connected():
        time.sleep(1.5)
    customer = make_actor(Role.CUSTOMER)
    place_one([(make_product(session().get(type(rung), merchant_id), on_hand=0), 1)], customer)

    assert line_of(process).startswith("[push] to Binod")
    assert process.poll() is None


def test_two_processes_ring_once(rung, start, fcm):
    start(fcm)
    start(fcm)
    fcm.wait_for(1, PATIENCE_S)
    until(is_sent)
    until(lambda: len({beat.process for beat in _beats()}) == 2)

    assert len(fcm.received) == 1
    assert fan_out.run().done == 0


def _beats():
    return session().execute(select(pulse.Heartbeat)).scalars().all()
