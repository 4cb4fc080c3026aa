"""Where open holds find their units: examples, and what is so for any holds in any places."""

import os
from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from merchant_api.orders.relocations import OpenHold, Relocation, plan
from merchant_api.orders.route import eligible
from merchant_api.stock.cover import Promise
from merchant_api.stock.ledger import Balance
from tests.make.holds import covered

MUG, NEW = UUID(int=1), UUID(int=21)
EAST, WEST, NORTH = ((MUG, UUID(int=number), NEW) for number in (11, 12, 13))
CELLS = [EAST, WEST, NORTH]
ANYWHERE = (MUG, None, None)

IS_LONG = os.environ.get("ORDERBELL_TEST_LONG") == "1"
MANY = settings(max_examples=2000 if IS_LONG else 200, deadline=None)


def holds_of(promised):
    """Open holds from (cell, units, choice, is_confirmed), the oldest first."""
    return [OpenHold(UUID(int=number), *each) for number, each in enumerate(promised, 1)]


def balances_of(on_hand, holds):
    held = Counter()
    for hold in holds:
        held[hold.cell] += hold.units
    return {cell: Balance(on_hand.get(cell, 0), held[cell], 0, 0) for cell in CELLS}


def moves(on_hand, *promised):
    """What moves: the hold's number, the cell and the units."""
    holds = holds_of(promised)
    return [(each.hold_id.int, each.to, each.units) for each in plan(CELLS, balances_of(on_hand, holds), holds)]


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_what_a_hold_lacks_moves_to_where_its_units_are(is_confirmed):
    assert moves({WEST: 3}, (EAST, 3, ANYWHERE, is_confirmed)) == [(1, WEST, 3)]
    assert moves({EAST: 1, WEST: 3}, (EAST, 3, ANYWHERE, is_confirmed)) == [(1, WEST, 2)]
    assert moves({WEST: 1, NORTH: 9}, (EAST, 3, ANYWHERE, is_confirmed)) == [(1, WEST, 1), (1, NORTH, 2)]


def test_what_lacks_nothing_stays_and_so_does_what_names_its_place():
    assert moves({EAST: 3, WEST: 3}, (EAST, 3, ANYWHERE, True)) == []
    assert moves({WEST: 3}, (EAST, 3, EAST, True)) == []
    assert moves({WEST: 3}, (EAST, 3, (MUG, EAST[1], None), True)) == []


def test_units_that_nobody_holds_go_to_the_oldest():
    older, younger = (EAST, 2, ANYWHERE, True), (EAST, 2, ANYWHERE, True)

    assert moves({WEST: 3}, older, younger) == [(1, WEST, 2), (2, WEST, 1)]


def test_units_that_a_younger_order_was_to_get_go_to_the_older_one():
    older, younger = (EAST, 2, ANYWHERE, True), (WEST, 2, WEST, True)

    assert moves({WEST: 2}, older, younger) == [(1, WEST, 2)]
    assert moves({WEST: 2, NORTH: 2}, older, younger) == [(1, NORTH, 2)]  # nobody needs to go without
    assert moves({WEST: 2}, younger, older) == []


def test_whoever_loses_units_to_an_older_order_looks_for_others():
    older, younger = (EAST, 2, (MUG, None, NEW), True), (WEST, 2, ANYWHERE, True)

    assert moves({WEST: 2, NORTH: 1}, older, younger) == [(1, NORTH, 1), (1, WEST, 1)]
    assert moves({WEST: 3}, (EAST, 2, ANYWHERE, True), (WEST, 2, ANYWHERE, True)) == [(1, WEST, 2)]


def test_an_order_that_is_not_confirmed_gets_all_of_it_or_stands_in_nobodys_way():
    unpaid, sold = (EAST, 3, ANYWHERE, False), (EAST, 2, ANYWHERE, True)

    assert moves({WEST: 2}, unpaid, sold) == [(2, WEST, 2)]
    assert moves({WEST: 3}, unpaid, sold) == [(1, WEST, 3)]


def test_no_more_is_read_than_there_are_units_for():
    holds = holds_of([(EAST, 1, ANYWHERE, True)] * 9)
    read = []

    moved = plan(CELLS, balances_of({WEST: 3}, holds), (read.append(hold) or hold for hold in holds))

    assert moved == [Relocation(hold.hold_id, WEST, 1) for hold in holds[:3]]
    assert len(read) == 4


cells = st.sampled_from(CELLS)
choices_of = {cell: st.sampled_from([ANYWHERE, ANYWHERE, cell, (MUG, None, NEW)]) for cell in CELLS}
promises = st.lists(
    cells.flatmap(lambda cell: st.tuples(st.just(cell), st.integers(1, 5), choices_of[cell], st.booleans())), max_size=8
)
stocks = st.fixed_dictionaries({cell: st.integers(0, 8) for cell in CELLS})


def lies_after(holds, moved):
    """Units of each hold by cell, once they are moved."""
    lies = {hold.hold_id: Counter({hold.cell: hold.units}) for hold in holds}
    source = {hold.hold_id: hold.cell for hold in holds}
    for each in moved:
        lies[each.hold_id][source[each.hold_id]] -= each.units
        lies[each.hold_id][each.to] += each.units
    return lies


@MANY
@given(promises, stocks)
def test_no_unit_is_lost_and_none_goes_where_its_line_does_not_let_it(promised, on_hand):
    holds = holds_of(promised)

    moved = plan(CELLS, balances_of(on_hand, holds), holds)

    by_id = {hold.hold_id: hold for hold in holds}
    for hold_id, lies in lies_after(holds, moved).items():
        assert sum(lies.values()) == by_id[hold_id].units
        assert min(lies.values()) >= 0
    for each in moved:
        assert each.to in eligible(by_id[each.hold_id].choice, set(CELLS) - {by_id[each.hold_id].cell})


@MANY
@given(promises, stocks)
def test_afterwards_no_confirmed_hold_lacks_what_nobody_older_has_where_it_may_lie(promised, on_hand):
    holds = holds_of(promised)
    lies = lies_after(holds, plan(CELLS, balances_of(on_hand, holds), holds))

    left = Counter(on_hand)
    for hold in holds:
        mine = {cell: min(units, max(left[cell], 0)) for cell, units in lies[hold.hold_id].items()}
        lacking = hold.units - sum(mine.values())
        if lacking and not hold.is_confirmed:
            continue
        left.subtract(mine)
        assert not lacking or all(left[cell] == 0 for cell in eligible(hold.choice, CELLS))


def settled(on_hand, parts):
    """What is on hand and still open once the confirmed parts that are covered are settled, cell by cell."""
    sold = set()
    for cell in CELLS:
        there = [Promise(part.hold_id, part.units, part.is_confirmed) for part in parts if part.cell == cell]
        sold |= covered(on_hand[cell], there)
    left = Counter(on_hand)
    for part in parts:
        left[part.cell] -= part.units if part.hold_id in sold else 0
    return left, [part for part in parts if part.hold_id not in sold]


@MANY
@given(promises, stocks)
def test_once_what_is_covered_is_settled_nothing_moves_any_more(promised, on_hand):
    holds = holds_of(promised)
    lies = lies_after(holds, plan(CELLS, balances_of(on_hand, holds), holds))
    parts = [
        OpenHold(
            UUID(int=hold.hold_id.int * 10 + place), cell, lies[hold.hold_id][cell], hold.choice, hold.is_confirmed
        )
        for hold in holds
        for place, cell in enumerate([hold.cell, *(other for other in CELLS if other != hold.cell)])
        if lies[hold.hold_id][cell]
    ]

    left, still = settled(on_hand, parts)

    assert plan(CELLS, balances_of(left, still), still) == []
