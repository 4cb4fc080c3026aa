"""docs/counting.md tells people what is so: its example, its file, its limits, who may do what, and its refusals."""

import re

import pytest

from merchant_api.accounts.permissions import GRANTABLE, of_role
from merchant_api.commands import counts
from merchant_api.core import clock
from merchant_api.core.actor import Role
from merchant_api.core.columns import LARGEST_QUANTITY
from merchant_api.core.errors import Refusal
from merchant_api.core.paging import Window
from merchant_api.shop.preview import preview
from merchant_api.stock.adjust import Adjustment, adjust
from merchant_api.stock.sessions import csv_import
from merchant_api.stock.sessions.counting_routes import FILE
from merchant_api.stock.sessions.csv_errors import BadLines
from merchant_api.stock.sessions.csv_lines import LONGEST_COMMENT
from merchant_api.stock.sessions.plan import Promotion
from merchant_api.stock.states import Reason
from tests.house.sources import ROOT
from tests.make.holds import make_hold
from tests.make.people import make_actor, make_merchant
from tests.make.sessions import figures, left, make_close, make_count, make_staged, settled
from tests.make.stock import make_cell, make_product

PAGE = (ROOT / "docs" / "counting.md").read_text().replace("\N{MINUS SIGN}", "-")


@pytest.fixture
def shop(database):
    merchant = make_merchant()
    make_staged(merchant)
    return merchant


@pytest.fixture
def mugs(shop):
    """The example: 25 mugs, 3 of them sold and not fetched."""
    product = make_product(shop, on_hand=25, sku="MUG-01")
    settled(make_hold(product, 3, settle_at=clock.now()))
    return product


def sold(product, quantity):
    return settled(make_hold(product, quantity, settle_at=clock.now()))


def block(kind):
    """The page's block of a kind of text."""
    return re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)[1]


def codes():
    return set(re.findall(r"^\| `(\w+)` \| [A-Z]", PAGE, re.MULTILINE))


def every_refusal(family=Refusal):
    return {family.code}.union(*(every_refusal(below) for below in family.__subclasses__()))


def test_the_example_comes_out_as_the_page_says(shop, mugs):
    assert figures(mugs) == [(22, 0)]
    make_count(mugs, 24)
    waiting = sold(mugs, 2)
    assert figures(mugs) == [(20, 0)]

    said = str(preview(shop.id, Promotion(), Window(1)).cells.items[0].why)
    make_close(shop)
    left(waiting)

    assert f"*{said}*" in PAGE
    assert figures(mugs) == [(19, 0)]
    assert "24 - 3 - 2 | 24 | **19**" in PAGE


def test_what_is_delivered_since_is_added(shop, mugs):
    make_count(mugs, 24)
    adjust(shop.id, Adjustment(mugs.id, Reason.RECEIVED, increase=10), make_actor())

    make_close(shop)

    assert figures(mugs) == [(31, 0)]
    assert "24 - 3 + 10 = 31" in PAGE


def test_what_moved_since_is_left_out_where_one_says_so(shop, mugs):
    make_count(mugs, 24, moved="ignore")
    sold(mugs, 2)

    make_close(shop)

    assert figures(mugs) == [(21, 0)]
    assert "24 - 3 = 21" in PAGE


def test_promises_survive_and_show_as_a_conflict(shop):
    product = make_product(shop, on_hand=5)
    make_hold(product, 3)
    make_count(product, 2)

    cell = preview(shop.id, Promotion(), Window(1)).cells.items[0]
    make_close(shop)

    assert (cell.is_conflict, cell.available) == (True, -1)
    assert figures(product) == [(2, 3)]
    assert "so that -1 can be sold" in PAGE


def test_the_example_file_is_counted(shop):
    products = {sku: make_product(shop, sku=sku) for sku in ("MUG-01", "SHAWL-02", "TEA-09")}
    make_cell(products["SHAWL-02"], 0, "cellar", "second hand")

    report = csv_import.bring_in(shop.id, csv_import.read(block("csv").encode()), make_actor())

    assert f"{report.counted} of {report.rows} lines are counted" in PAGE
    assert report.lines[2].line.comment == "a stain, left sleeve"


def test_wrong_lines_look_as_on_the_page(shop):
    for sku in ("MUG-01", "TEA-09"):
        make_product(shop, sku=sku)
    lines = ["sku,quantity", "MUG-01,24", "CUP-99,1", "", "TEA-09,some", "", "MUG-01,25"]

    with pytest.raises(BadLines) as bad:
        csv_import.bring_in(shop.id, csv_import.read("\n".join(lines).encode()), make_actor())

    told = "".join(f"line {each.line}, {each.column}: {each.complaint}\n" for each in bad.value.first)
    assert f"```\n{told}```" in PAGE


def test_the_limits_are_those_of_the_page():
    assert f"Up to {csv_import.MOST_LINES:,} lines and {FILE.most // 1024**2} MiB over the API" in PAGE
    assert f"takes up to {counts.MOST_LINES:,} lines" in PAGE
    assert f"a whole number from 0 to {LARGEST_QUANTITY:,}" in PAGE
    assert f"up to {LONGEST_COMMENT} characters" in PAGE


@pytest.mark.parametrize("permission", ["sessions.count", "sessions.adjust", "stock.read", "sessions.promote"])
def test_who_may_do_what_is_as_on_the_page(permission):
    row = re.search(rf"\| `{re.escape(permission)}` \| (\w+) \| (\w+) \| (\w+) \|", PAGE)

    roles = (Role.OWNER, Role.CLERK, Role.STAFF)
    assert list(row.groups()) == ["yes" if permission in of_role(role) else "no" for role in roles]
    assert (permission in GRANTABLE) == (permission != "sessions.promote")


def test_every_refusal_of_the_page_exists():
    assert len(codes()) > 15
    assert codes() <= every_refusal()
