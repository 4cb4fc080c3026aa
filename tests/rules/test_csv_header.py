"""The header of a file of counts: which column is what, nothing guessed, and one complaint whatever is wrong."""

import pytest

from merchant_api.core.table_in import Complaint
from merchant_api.stock.sessions.csv_columns import EXPORTS, FIELDS, is_known
from merchant_api.stock.sessions.csv_header import CountFileHeader, CountFileWish
from merchant_api.stock.sessions.csv_lines import parsed


def header(names: str, ignores_unknown: bool = False, **columns: str) -> CountFileHeader | Complaint:
    found = list(parsed(f"{names}\n".encode(), 100, CountFileWish(columns, ignores_unknown)))
    assert len(found) == 1
    return found[0]


def complaint(names: str, ignores_unknown: bool = False, **columns: str) -> str:
    found = header(names, ignores_unknown, **columns)
    assert isinstance(found, Complaint)
    assert (found.line, found.column) == (1, None)
    return found.complaint


@pytest.mark.parametrize(
    ("names", "read"),
    [
        ("SKU, Quantity ", {"sku": ["SKU"], "quantity": ["Quantity"]}),
        ("Item  Code,Warehouse,Qty", {"sku": ["Item  Code"], "location": ["Warehouse"], "quantity": ["Qty"]}),
        ("Internal Reference,Product,Quantity", {"sku": ["Internal Reference"], "quantity": ["Quantity"]}),
        ("Product,Quantity", {"sku": ["Product"], "quantity": ["Quantity"]}),
        ("sku,quantity,on_hand", {"sku": ["sku"], "quantity": ["quantity"]}),
        (
            "SKU,In stock [A],In stock [B]",
            {"sku": ["SKU"], "quantity": ["In stock [A]", "In stock [B]"]},
        ),
        ("sku,Main street", {"sku": ["sku"], "quantity": ["Main street"]}),
        ("sku,quantity,,", {"sku": ["sku"], "quantity": ["quantity"]}),
    ],
)
def test_columns_are_known_by_the_names_of_many_systems(names: str, read: dict[str, list[str]]):
    assert header(names).read == read


@pytest.mark.parametrize(
    ("columns", "read"),
    [
        ({"quantity": "on hand (NEW)"}, ["On hand (new)"]),
        ({"quantity": "Counted by Rita"}, ["Counted by Rita"]),
        ({"quantity": "New Quantity"}, ["New Quantity Main", "New Quantity Cellar"]),
        ({"quantity": "New Quantity Main"}, ["New Quantity Main"]),
    ],
)
def test_a_column_is_chosen_by_hand(columns: dict[str, str], read: list[str]):
    names = "SKU,On hand (current),On hand (new),Counted by Rita,New Quantity Main,New Quantity Cellar"

    assert header(names, ignores_unknown=True, **columns).read["quantity"] == read


def test_a_column_is_left_out_by_hand():
    assert "location" not in header("sku,quantity,location", location="").fields
    assert header("Code 1,Code 2,quantity", True, sku="Code 2").read["sku"] == ["Code 2"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("sku", "the header names no column for quantity, but sku"),
        ("MUG,5", "the header names no column for sku and none for quantity, but MUG, 5"),
        ("quantity,coment", "the header names no column for sku, but quantity, coment"),
        ("sku,sku,quantity", "several columns are called sku: keep one of them"),
        ("sku,quantity,Quantity", "several columns are called quantity: keep one of them"),
        ("sku,On hand (current),On hand (new)", "several columns may be quantity: On hand (new), On hand (current)"),
        ("sku,Current Quantity A,New Quantity A", "several columns may be quantity: New Quantity, Current Quantity"),
        ("sku,quantity,warehouse,store", "several columns may be location: warehouse, store"),
        ("sku,location,shelf", "the header names no column for quantity, but sku, location, shelf"),
        ("sku,location,In stock [A]", "a column names locations, and columns of quantities do"),
        ("sku,quantity,coment,locaton", "no such column is known: coment, locaton (left out by --ignore-unknown"),
        ("sku,quantity," + "x" * 90, f"no such column is known: {'x' * 80} ("),
        ("sku,quantity" + ",x" * 499, "501 columns where 500 may be"),
        ("sku,quantity" + ",x" * 400, "no such column is known: x, x, x, x, x, x, x, x, x, x, x, x and 388 more"),
    ],
)
def test_a_header_that_can_not_be_read_is_one_complaint(names: str, words: str):
    assert complaint(names).startswith(words)


def test_a_column_that_is_chosen_and_not_there_is_named():
    assert complaint("sku,quantity", quantity="Stock") == "the header does not name Stock, which was to be quantity"
    assert complaint("sku,quantity", sku="Code") == "the header does not name Code, which was to be sku"


def test_what_is_unknown_is_left_out_where_one_asks():
    assert header("sku,quantity,coment", ignores_unknown=True).ignored == ["coment"]


def test_every_system_names_what_a_count_needs():
    for export in EXPORTS[1:]:
        assert export.quantity, export.system
        known = export.looked_at.replace("{}", "Main").split(" | ")
        assert all(is_known(name) for name in known if name), export.system
    assert set(FIELDS) == {"sku", "quantity", "location", "grade", "comment"}
