"""The short commands, as processes: what they print, and how they end."""

import dataclasses
import socket
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from merchant_api.app import create_app
from merchant_api.core.db import db
from merchant_api.core.money import Money
from merchant_api.demo import data
from merchant_api.orders.states import State
from tests.conftest import settings_for
from tests.make.money import pay_for
from tests.make.orders import make_order
from tests.make.people import make_merchant
from tests.make.providers import make_provider
from tests.make.stock import make_product
from tests.processes.start import environment_of, run

pytestmark = pytest.mark.xdist_group("processes")


def test_a_second_one_on_the_same_port_says_so(given: dict[str, str]):
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(given["ORDERBELL_PORT"])))
        other.listen()

        done = run(given, "serve")

    assert done.returncode == 1
    assert "set ORDERBELL_PORT" in done.stderr


@pytest.mark.parametrize("command", ["up", "jobs"])
def test_a_half_set_pair_refuses_to_start_in_one_line(tmp_path: Path, command: str):
    done = run(environment_of(tmp_path / "data", DATABASE_URL="postgresql://nowhere/db"), command)

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("orderbell: DATABASE_URL is set but ORDERBELL_SECRET_KEYS is not")


def test_a_database_that_does_not_answer_is_one_line_without_its_password(tmp_path: Path):
    url = "postgresql://somebody:hidden-word@127.0.0.1:1/none"

    done = run(environment_of(tmp_path / "data", DATABASE_URL=url, ORDERBELL_SECRET_KEYS="k" * 40), "migrate")

    assert done.returncode == 1
    assert "The database does not answer" in done.stderr
    assert "Traceback" not in done.stderr
    assert "hidden-word" not in done.stderr


def test_an_older_version_leaves_a_newer_schema_as_it_is_and_says_so(given: dict[str, str]):
    engine = create_engine(given["DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    done = run(given, "migrate")

    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    engine.dispose()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "The schema is newer than this version of Orderbell knows: nothing is changed.\n"


def test_staff_is_added_by_command_and_the_password_is_not_shown(given: dict[str, str]):
    environment = given | {"ORDERBELL_STAFF_PASSWORD": "a long enough word"}
    command = ("staff", "add", "nima@example.com", "--name", "Nima")

    first, second = run(environment, *command), run(environment, *command)

    assert (first.returncode, second.returncode) == (0, 1)
    assert "long enough" not in first.stdout + first.stderr
    assert second.stderr.startswith("orderbell: ")


def test_an_audit_that_finds_a_difference_names_it_and_exits_with_one(given: dict[str, str], tmp_path: Path):
    app = create_app(settings_for(given["DATABASE_URL"], tmp_path))
    with app.app_context():
        data.load("a word of the tests")
        db.session.execute(text("UPDATE cells SET on_hand = 24 WHERE on_hand = 25"))
        db.session.commit()
        db.engine.dispose()

    audit = run(given, "audit")

    assert audit.returncode == 1
    assert "MUG-01 at default, grade default: on_hand is 24, its ledger says 25" in audit.stdout


def test_an_audit_that_finds_money_that_does_not_add_up_exits_with_one(given: dict[str, str], tmp_path: Path):
    app = create_app(settings_for(given["DATABASE_URL"], tmp_path))
    with app.app_context():
        order = make_order(State.AWAITING_PAYMENT, [(make_product(on_hand=5, price=500), 2)])
        pay_for(order, Money(400, "NPR"), reference="bank-1")
        db.session.commit()
        clean = run(given, "audit")
        db.session.execute(text("UPDATE orders SET paid = 300"))
        db.session.commit()
        db.engine.dispose()

    audit = run(given, "audit")

    assert (clean.returncode, audit.returncode) == (0, 1)
    assert f"order {order.code}: paid is 300, its payments say 400" in audit.stdout
    assert "behind it: payment bank-1" in audit.stdout


def test_rotating_keys_says_how_many_values_were_sealed_anew(given: dict[str, str]):
    done = run(given, "keys", "rotate")

    assert (done.returncode, done.stdout) == (0, "0 values lie under the newest key now.\n")


def test_rotating_keys_turns_the_secrets_of_payment_providers_of_every_merchant(given: dict[str, str], tmp_path: Path):
    settings = dataclasses.replace(settings_for(given["DATABASE_URL"], tmp_path), secret_keys=("k" * 40,))
    app = create_app(settings)
    with app.app_context():
        for _ in range(2):
            make_provider(make_merchant(), api_key="sk_test_of_the_tests")
        db.engine.dispose()

    done = run(given | {"ORDERBELL_SECRET_KEYS": f"{'n' * 40} {'k' * 40}"}, "keys", "rotate")
    lost = run(given | {"ORDERBELL_SECRET_KEYS": "x" * 40}, "keys", "rotate")

    assert (done.returncode, done.stdout) == (0, "4 values lie under the newest key now.\n")
    assert (lost.returncode, "payment providers need their secrets again" in lost.stderr) == (1, True)
