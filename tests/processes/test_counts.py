"""`orderbell counts import`, as a process: what it prints, what it counts, and how it ends."""

import subprocess
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text

from merchant_api.accounts.models import MemberRole
from merchant_api.app import create_app
from merchant_api.cli import orderbell
from merchant_api.commands.counts import LONG
from merchant_api.core import clock
from merchant_api.core.db import db, session
from merchant_api.stock.sessions.models import Count, Session, StagedCell
from merchant_api.stock.sessions.states import SessionState
from tests.conftest import settings_for
from tests.house.sources import ROOT
from tests.make.people import make_customer, make_member, make_merchant, make_person
from tests.make.sessions import make_staged
from tests.make.stock import make_product
from tests.processes.start import ORDERBELL, run

MERCHANT = "01a20300-7ce5-7102-bca7-4cc59c9b7987"
pytestmark = pytest.mark.xdist_group("processes")
MANY = text(
    """
    INSERT INTO products (merchant_id, id, sku, name, description, kind, status, fulfilment, when_short, is_tracked,
        price, max_quantity, created_at, changed_at)
    SELECT id, gen_random_uuid(), 'BEAD-' || n, 'Bead', '', 'merchandise', 'published', 'courier', 'ask', true, 100, 0,
        :now, :now FROM merchants, generate_series(1, CAST(:number AS integer)) AS n
    """
)


class Town:
    """A merchant with four products, who counts and who does not, on the database that the commands work on."""

    def __init__(self) -> None:
        self.merchant = make_merchant()
        for sku in ("MUG-01", "SHAWL-02", "TEA-09"):
            make_product(self.merchant, sku=sku)
        make_product(self.merchant, sku="STICKER-04", is_tracked=False)
        self.clerk = make_member(self.merchant, MemberRole.CLERK, "Deepa").email
        self.customer = make_customer(self.merchant).email
        self.staff = make_person("Sita", is_staff=True).email


@pytest.fixture
def town(given, tmp_path):
    app = create_app(settings_for(given["DATABASE_URL"], tmp_path))
    with app.app_context():
        yield Town()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def counting(given, town, tmp_path):
    """Runs the command on a file that says something, in the clerk's name unless another one counts."""

    def call(said: bytes, *options: str, by: str = town.clerk, merchant: object = town.merchant.id):
        file = tmp_path / "counts.csv"
        file.write_bytes(said)
        return run(given, "counts", "import", str(file), "--merchant", str(merchant), "--by", by, *options)

    return call


def asked(statement):
    """What a statement finds, with no transaction left open while commands run."""
    found = session().execute(statement).all()
    session().rollback()
    return found


def counted():
    """Units, comments and the names of who counted, by product."""
    rows = asked(select(Count.quantity, Count.comment, Count.actor).order_by(Count.product_id))
    return [(row[0], row[1], row[2]["name"]) for row in rows]


def staged_sessions():
    return asked(select(func.count()).where(Session.state == SessionState.STAGED))[0][0]


def test_a_file_is_counted_in_a_persons_name_and_each_line_reported(counting):
    done = counting(b"sku;quantity;comment\r\nMUG-01;24;one broken\r\nTEA-09;;\r\nSHAWL-02;2;\r\n", "--start")

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:3] == [
        "line 2: MUG-01 at default, grade default: 24 counted",
        "line 3: TEA-09 at default, grade default: no quantity, skipped",
        "line 4: SHAWL-02 at default, grade default: 2 counted",
    ]
    assert lines[3] == "Read as UTF-8: sku from sku, comment from comment, quantity from quantity."
    assert lines[4].startswith("2 of 3 lines counted into the staged session ")
    assert lines[4].endswith(", 1 without a quantity skipped.")
    assert counted() == [(24, "one broken", "Deepa"), (2, None, "Deepa")]


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


def test_an_export_is_read_as_one_says_and_what_is_left_out_is_told(counting):
    file = b"SKU,Shelf,On hand (current),On hand (new)\nMUG-01,A,23,24\nCUP-99,B,1,1\n,C,1,1\n"

    refused = counting(file, "--start")
    done = counting(file, "--start", "--column", "quantity=On hand (new)", "--ignore-unknown")

    assert (refused.returncode, len(refused.stdout.splitlines())) == (1, 1)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:5] == [
        "line 2: MUG-01 at default, grade default: 24 counted",
        "line 3: CUP-99 left out: there is no such SKU",
        "line 4: a line left out: no SKU",
        "Read as UTF-8: sku from SKU, quantity from On hand (new).",
        "Columns that were left out: Shelf.",
    ]
    assert counted() == [(24, None, "Deepa")]


def test_only_the_first_of_many_bad_lines_are_listed(counting):
    done = counting(b"sku,quantity\n" + b"CUP-99,1\n" * 500, "--start")

    assert done.stdout.splitlines()[-1] == "... and 799 more"


def test_a_session_is_started_only_where_one_asks(counting):
    refused = counting(b"sku,quantity\nMUG-01,24\n")
    first, second = (counting(b"sku,quantity\nMUG-01,24\n", "--start") for _ in range(2))

    assert refused.returncode == 1
    assert refused.stderr == "orderbell: No session is being counted: start one, or give --start.\n"
    assert (first.returncode, second.returncode, staged_sessions()) == (0, 0, 1)


def test_who_asks_wrongly_is_told_and_nothing_is_counted(counting, town):
    wrong = [
        ({"by": "nobody@example.com"}, 2, "nobody signs in like this"),
        ({"by": town.customer}, 1, "neither a member of this merchant nor staff"),
        ({"merchant": uuid4()}, 2, "there is no such merchant"),
    ]

    for options, code, said in wrong:
        done = counting(b"sku,quantity\nMUG-01,24\n", "--start", **options)

        assert (done.returncode, said in done.stderr) == (code, True), done.stderr
        assert "Traceback" not in done.stderr
    assert (counted(), staged_sessions()) == ([], 0)


@pytest.mark.parametrize(
    "given",
    [
        ["none.csv", "--merchant", MERCHANT, "--by", "deepa@example.com"],
        [".", "--merchant", MERCHANT, "--by", "deepa@example.com"],
        ["-", "--merchant", MERCHANT],
        ["-", "--by", "deepa@example.com"],
        ["-", "--merchant", "himalayan", "--by", "deepa@example.com"],
        ["-", "--merchant", MERCHANT, "--by", "deepa@example.com", "--column", "price=Price"],
        ["-", "--merchant", MERCHANT, "--by", "deepa@example.com", "--column", "quantity"],
        ["-", "--merchant", MERCHANT, "--by", "deepa@example.com", "--column", "quantity="],
        [],
    ],
)
def test_what_is_left_out_or_not_there_is_bad_usage(given: list[str]):
    assert CliRunner().invoke(orderbell, ["counts", "import", *given]).exit_code == 2


def test_standard_input_is_a_file_too_and_staff_may_count(given, town):
    command = (*ORDERBELL, "counts", "import", "-", "--merchant", str(town.merchant.id), "--by", town.staff)
    make_staged(town.merchant)
    file = b"sku,quantity\nMUG-01,24\n"

    done = subprocess.run(command, cwd=ROOT, env=given, input=file, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
    assert counted() == [(24, None, "Sita")]


def test_a_long_file_shows_how_far_it_is_and_is_counted_whole_or_not_at_all(counting):
    session().execute(MANY, {"number": LONG, "now": clock.now()})
    session().commit()
    lines = b"sku,quantity\n" + b"".join(b"BEAD-%d,7\n" % n for n in range(1, LONG + 1))

    refused = counting(lines + b"CUP-99,1\n", "--start")
    assert (refused.returncode, refused.stdout) == (1, f"line {LONG + 2}, sku: there is no such SKU\n")
    assert (counted(), staged_sessions()) == ([], 0)
    done = counting(lines, "--start")

    assert done.returncode == 0, done.stderr
    assert "Reading" in done.stderr
    assert "Counting" in done.stderr
    assert "100%" in done.stderr
    assert f"{LONG:,} of {LONG:,} lines counted" in done.stdout
    assert asked(select(func.count()).select_from(StagedCell))[0][0] == LONG
