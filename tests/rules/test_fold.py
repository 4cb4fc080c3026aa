"""What a cell's log of counts comes to: the last count that was not withdrawn and the changes after it."""

import os
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from merchant_api.core.columns import LARGEST_QUANTITY
from merchant_api.core.errors import Refusal
from merchant_api.stock.sessions.fold import fold
from merchant_api.stock.sessions.models import Count
from merchant_api.stock.sessions.states import CountKind, Moved

IS_LONG = os.environ.get("ORDERBELL_TEST_LONG") == "1"
MANY = settings(max_examples=2000 if IS_LONG else 200, deadline=None)

units = st.one_of(st.integers(0, 8), st.integers(LARGEST_QUANTITY - 8, LARGEST_QUANTITY))
reads = st.fixed_dictionaries({"read_seq": st.integers(0, 9), "read_on_hand": units, "unpicked": st.integers(-3, 3)})
counts = st.tuples(st.just("count"), units, reads, st.sampled_from([None, Moved.IGNORE]))
changes = st.tuples(st.just("change"), st.integers(-6, 6).filter(bool), reads, st.none())
withdrawals = st.tuples(st.just("withdrawal"), st.integers(0, 20), st.none(), st.none())
stories = st.lists(st.one_of(counts, changes, withdrawals), max_size=12)


def written(story):
    """The log of a story; a withdrawal names a row by its place, each row once."""
    log, open_ids = [], []
    for number, (kind, figure, read, moved) in enumerate(story, 1):
        row = Count(id=UUID(int=number), kind=CountKind.COUNT, quantity=figure, moved=moved, **(read or {}))
        if kind == "withdrawal":
            if not open_ids:
                continue
            row.kind, row.withdraws = CountKind.WITHDRAWAL, open_ids.pop(figure % len(open_ids))
        else:
            open_ids.append(row.id)
            if kind == "change":
                row.kind = CountKind.INCREASE if figure > 0 else CountKind.DECREASE
                row.quantity, row.change = None, figure
        log.append(row)
    return log, [row for row in log if row.id in open_ids]


def told(left):
    """What the rows that are left come to, told from the end: units on the way, and the row that the figures are of."""
    starts = [place for place, row in enumerate(left) if row.kind is CountKind.COUNT]
    first = starts[-1] if starts else 0
    base, after = left[first], left[first:]
    sums = [base.quantity if starts else base.read_on_hand + base.change]
    for row in after[1:]:
        sums.append(sums[-1] + row.change)
    return base, sums, bool(starts)


def is_possible(left):
    """Whether no change on the way, also before a later count, leads below nothing or above the limit."""
    for end in range(1, len(left) + 1):
        if left[end - 1].kind is not CountKind.COUNT and not 0 <= told(left[:end])[1][-1] <= LARGEST_QUANTITY:
            return False
    return True


@MANY
@given(story=stories)
def test_the_last_count_that_stands_holds_with_the_changes_after_it(story):
    log, left = written(story)
    if not left:
        assert fold(log) is None
        return
    if not is_possible(left):
        with pytest.raises(Refusal):
            fold(log)
        return

    holds = fold(log)

    base, sums, is_counted = told(left)
    assert (holds.quantity, holds.count_id) == (sums[-1], left[-1].id)
    assert (holds.read_seq, holds.read_on_hand) == (base.read_seq, base.read_on_hand)
    assert (holds.unpicked, holds.moved) == ((base.unpicked, base.moved) if is_counted else (0, None))


@MANY
@given(story=stories)
def test_what_was_withdrawn_was_never_there(story):
    log, left = written(story)

    assert outcome(log) == outcome(left)


def outcome(log):
    try:
        return fold(log)
    except Refusal as refusal:
        return refusal.code
