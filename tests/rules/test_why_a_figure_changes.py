"""The sentence beside every line of a preview: the figures in it come to what the line says."""

import os
import re
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from merchant_api.stock.sessions.why import why

IS_LONG = os.environ.get("ORDERBELL_TEST_LONG") == "1"
MANY = settings(max_examples=2000 if IS_LONG else 200, deadline=None)
SIGNS = {
    r"(\d+) counted": 1,
    r"(\d+) (of them )?sold and waiting for pickup": -1,
    r"(\d+) picked up that are not taken out of stock yet": 1,
    r"(\d+) came in since": 1,
    r"(\d+) went out since": -1,
    r"left out \((\d+) (came in|went out)\)": 0,
}
NOTHING = "less than nothing is nothing"


def line(counted, unpicked=0, moved=0, *, is_ignored=False):
    """A line of the plan, with the sum as DESIGN.md 3 has it."""
    left_out, moved = (moved, 0) if is_ignored else (None, moved)
    after = max((counted or 0) - unpicked + moved, 0)
    return SimpleNamespace(counted=counted, unpicked=unpicked, moved=moved, left_out=left_out, after=after)


def summed(sentence):
    """What the figures of a sentence come to; every number in it is one of them."""
    found = [(int(match[1]), sign) for words, sign in SIGNS.items() for match in re.finditer(words, sentence)]
    assert len(found) == len(re.findall(r"\d+", sentence.replace("becomes 0", "")))
    return sum(figure * sign for figure, sign in found)


@MANY
@given(counted=st.integers(0, 30), unpicked=st.integers(-9, 40), moved=st.integers(-40, 40), ignored=st.booleans())
def test_the_figures_of_a_sentence_come_to_what_the_line_says(counted, unpicked, moved, ignored):
    row = line(counted, unpicked, moved, is_ignored=ignored)

    sentence = str(why(row))

    assert max(summed(sentence), 0) == row.after
    assert (NOTHING in sentence) == (summed(sentence) < 0)
    assert ("left out" in sentence) == ignored
    assert re.fullmatch(r"\d+ counted(, [^,]+)*", sentence)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (line(9), "9 counted"),
        (line(9, 3, -1), "9 counted, 3 of them sold and waiting for pickup, 1 went out since"),
        (line(9, -2, 4), "9 counted, 2 picked up that are not taken out of stock yet, 4 came in since"),
        (line(9, 0, 4, is_ignored=True), "9 counted, what moved since is left out (4 came in)"),
        (line(9, 0, -2, is_ignored=True), "9 counted, what moved since is left out (2 went out)"),
        (line(9, 0, 0, is_ignored=True), "9 counted, what moved since is left out"),
        (line(0, 1), "0 counted, 1 sold and waiting for pickup, less than nothing is nothing"),
        (line(None), "not counted: becomes 0"),
        (line(None, -3), "not counted: becomes 0, but for 3 picked up that are not taken out of stock yet"),
    ],
)
def test_a_line_says_why_it_becomes_what_it_says(row, sentence):
    assert str(why(row)) == sentence
