"""`orderbell counts import`, as a process: what it prints, what it counts, and how it ends."""

import subprocess
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from merchant_api.accounts.models import Merchant
from merchant_api.app import create_app
from merchant_api.core import clock
from merchant_api.core.db import db, session
from merchant_api.counts_cli import LONG
from merchant_api.demo import data
from merchant_api.stock.sessions.models import Count, Session, StagedCell
from merchant_api.stock.sessions.states import SessionState
from tests.conftest import settings_for
from tests.house.sources import ROOT
from tests.processes.start import ORDERBELL, run

pytestmark = pytest.mark.xdist_group("processes")
MANY = text(
    """
    INSERT INTO products (merchant_id, id, sku, name, description, kind, status, fulfilment, when_short, is_tracked,
        price, max_quantity, created_at, changed_at)
    SELECT id, gen_random_uuid(), 'BEAD-' || n, 'Bead', '', 'merchandise', 'published', 'courier', 'ask', true, 100, 0,
        :now, :now FROM merchants, generate_series(1, CAST(:number AS integer)) AS n
    """
)


@pytest.fixture
def app(given, tmp_path):
    """The demo merchant on the database that the commands work on."""
    app = create_app(settings_for(given["DATABASE_URL"], tmp_path))
    with app.app_context():
        data.load("a word of the tests")
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def merchant_id(app):
    found = session().execute(select(Merchant.id)).scalar_one()
    session().rollback()
    return str(found)


@pytest.fixture
def counting(given, merchant_id, tmp_path):
    """Runs the command on a file that says something, in the clerk's name unless another one counts."""

    def call(said: bytes, *options: str, by: str = data.CLERK, merchant: str = merchant_id):
        file = tmp_path / "counts.csv"
        file.write_bytes(said)
        return run(given, "counts", "import", str(file), "--merchant", merchant, "--by", by, *options)

    return call


def counted():
    """SKU-less: units, comments and the names of who counted, oldest first."""
    session().rollback()
    rows = session().execute(select(Count.quantity, Count.comment, Count.actor).order_by(Count.product_id))
    return [(row[0], row[1], row[2]["name"]) for row in rows]


def staged_sessions():
    session().rollback()
    return session().execute(select(func.count()).where(Session.state == SessionState.STAGED)).scalar_one()


def test_a_file_is_counted_in_a_persons_name_and_each_line_reported(counting):
    done = counting(b"sku;quantity;comment\r\nMUG-01;24;one broken\r\nTEA-09;;\r\nSHAWL-02;2;\r\n", "--start")

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:3] == [
        "line 2: MUG-01 at default, grade default: 24 counted",
        "line 3: TEA-09 at default, grade default: no quantity, skipped",
        "line 4: SHAWL-02 at default, grade default: 2 counted",
    ]
    assert lines[3].startswith("2 of 3 lines counted into the staged session ")
    assert lines[3].endswith(", 1 without a quantity skipped.")
    assert counted() == [(24, "one broken", "Deepa Clerk"), (2, None, "Deepa Clerk")]


def test_bad_lines_are_listed_and_nothing_is_counted_nor_started(counting):
    done = counting(b"sku,quantity\nMUG-01,24\nCUP-99,1\nSTICKER-04,x\n", "--start")

    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "line 3, sku: there is no such SKU",
        "line 4, quantity: not a whole number",
        "line 4, sku: its stock is not tracked",
    ]
    assert done.stderr == "orderbell: 2 lines can't be counted; nothing was counted.\n"
    assert (counted(), staged_sessions()) == ([], 0)


def test_only_the_first_of_many_bad_lines_are_listed(counting):
    done = counting(b"sku,quantity\n" + b"CUP-99,1\n" * 500, "--start")

    assert done.stdout.splitlines()[-1] == "... and 799 more"


def test_a_session_is_started_only_where_one_asks(counting):
    refused = counting(b"sku,quantity\nMUG-01,24\n")
    first, second = (counting(b"sku,quantity\nMUG-01,24\n", "--start") for _ in range(2))

    assert refused.returncode == 1
    assert refused.stderr == "orderbell: No session is being counted: start one, or give --start.\n"
    assert (first.returncode, second.returncode, staged_sessions()) == (0, 0, 1)


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ({"by": "nobody@example.com"}, 2, "nobody signs in like this"),
        ({"by": "no login"}, 2, "orderbell: "),
        ({"by": data.CUSTOMER}, 1, "neither a member of this merchant nor staff"),
        ({"merchant": str(uuid4())}, 2, "there is no such merchant"),
        ({"merchant": "himalayan"}, 2, "--merchant"),
    ],
)
def test_who_asks_wrongly_is_told_and_nothing_is_counted(counting, options, code, said):
    done = counting(b"sku,quantity\nMUG-01,24\n", "--start", **options)

    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert counted() == []


def test_a_file_that_is_not_there_is_bad_usage(given, merchant_id, tmp_path: Path):
    for missing in (str(tmp_path / "none.csv"), str(tmp_path)):
        assert run(given, "counts", "import", missing, "--merchant", merchant_id, "--by", data.CLERK).returncode == 2
    assert run(given, "counts", "import", "-", "--merchant", merchant_id).returncode == 2


def test_standard_input_is_a_file_too_and_staff_may_count(given, merchant_id):
    command = (*ORDERBELL, "counts", "import", "-", "--merchant", merchant_id, "--by", data.STAFF, "--start")

    done = subprocess.run(
        command, cwd=ROOT, env=given, input=b"sku,quantity\nMUG-01,24\n", capture_output=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert counted() == [(24, None, "Sita Staff")]


def test_a_long_file_shows_how_far_it_is_and_is_counted_whole(counting):
    session().execute(MANY, {"number": LONG, "now": clock.now()})
    session().commit()

    done = counting(b"sku,quantity\n" + b"".join(b"BEAD-%d,7\n" % n for n in range(1, LONG + 1)), "--start")

    assert done.returncode == 0, done.stderr
    assert "Reading" in done.stderr
    assert "Counting" in done.stderr
    assert "100%" in done.stderr
    assert f"{LONG:,} of {LONG:,} lines counted" in done.stdout
    assert session().execute(select(func.count()).select_from(StagedCell)).scalar_one() == LONG


def test_one_bad_line_at_the_end_of_a_long_file_and_nothing_is_counted(counting):
    session().execute(MANY, {"number": LONG, "now": clock.now()})
    session().commit()

    done = counting(b"sku,quantity\n" + b"".join(b"BEAD-%d,7\n" % n for n in range(1, LONG + 2)), "--start")

    assert done.returncode == 1
    assert done.stdout == f"line {LONG + 2}, sku: there is no such SKU\n"
    assert (counted(), staged_sessions()) == ([], 0)
