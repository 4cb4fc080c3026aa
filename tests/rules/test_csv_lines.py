"""What a line of a file of counts says: defaults, quantities, what is skipped, and the same cell twice."""

import pytest

from merchant_api.core.csv_in import Complaint
from merchant_api.stock.sessions.csv_lines import CsvLine, parsed


def read(text: str):
    return list(parsed(text.encode(), 100))


def test_place_and_comment_may_be_left_out():
    assert read("sku,quantity\nMUG,5\n") == [CsvLine(2, "MUG", "default", "default", 5, None)]
    assert read("sku,quantity,location,grade,comment\nMUG,5,,,\n") == [CsvLine(2, "MUG", "default", "default", 5, None)]


def test_what_is_named_is_kept_and_formulas_are_text():
    text = "sku,quantity,location,grade,comment\n'=MUG,0,cellar,B,=cmd()\n"

    assert read(text) == [CsvLine(2, "=MUG", "cellar", "B", 0, "=cmd()")]


def test_a_sheet_comes_back_and_what_nobody_counted_is_skipped():
    header = "sku,name,category,location,grade,quantity,comment,counted,counted_by,counted_at,on_hand,on_shelf"
    text = f"{header}\nMUG,Clay mug,,default,default,,,3,Deepa,,5,6\n"

    assert read(text) == [CsvLine(2, "MUG", "default", "default", None, None)]


@pytest.mark.parametrize(
    ("quantity", "units"), [("0", 0), ("007", 7), ("1000000", 1_000_000), (" 5 ", 5), ("0" * 9_000 + "5", 5)]
)
def test_a_quantity_is_a_whole_number(quantity: str, units: int):
    assert read(f"sku,quantity\nMUG,{quantity}\n")[0].quantity == units


@pytest.mark.parametrize(
    ("quantity", "complaint"),
    [
        ("-1", "below 0"),
        ("1000001", "above 1,000,000"),
        ("9" * 9_000, "above 1,000,000"),
        ("1.0", "not a whole number"),
        ('"1,000"', "not a whole number"),
        ("1e3", "not a whole number"),
        ("five", "not a whole number"),
        ("+5", "not a whole number"),
        ("५", "not a whole number"),
        ("=2+3", "not a whole number"),
        ("--5", "not a whole number"),
    ],
)
def test_any_other_quantity_is_named(quantity: str, complaint: str):
    assert read(f"sku,quantity\nMUG,{quantity}\n")[0] == Complaint(2, "quantity", complaint)


def test_every_wrong_field_of_a_line_is_named():
    found = read(f"sku,quantity,comment\n,x,{'c' * 501}\n")

    assert [(each.column, each.complaint) for each in found if isinstance(each, Complaint)] == [
        ("sku", "missing"),
        ("quantity", "not a whole number"),
        ("comment", "longer than 500 characters"),
    ]


def test_the_same_cell_twice_is_told_with_both_lines():
    text = "sku,quantity,location\nMUG,5,\nMUG,5,cellar\n\nMUG,6,default\nMUG,,\nMUG,7,\n"

    assert [each for each in read(text) if isinstance(each, Complaint)] == [
        Complaint(5, "sku", "the same cell as in line 2"),
        Complaint(7, "sku", "the same cell as in line 2"),
    ]
