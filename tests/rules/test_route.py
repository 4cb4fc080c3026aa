"""Routing as a table, and what holds for any order on any stock."""

import os
from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from merchant_api.catalog.models import WhenShort
from merchant_api.orders.route import Need, Shelf, eligible, route
from merchant_api.orders.states import Verdict

MUG, SHAWL = UUID(int=1), UUID(int=2)
EAST, WEST = UUID(int=11), UUID(int=12)
NEW, WORN = UUID(int=21), UUID(int=22)
ASK, BACKORDER, REFUSE = WhenShort.ASK, WhenShort.BACKORDER, WhenShort.REFUSE
CELLS = [(EAST, NEW), (EAST, WORN), (WEST, NEW), (WEST, WORN)]

IS_LONG = os.environ.get("ORDERBELL_TEST_LONG") == "1"
MANY = settings(max_examples=1000 if IS_LONG else 100, deadline=None)


def one(quantity, there, when_short=ASK, *, is_tracked=True):
    """The verdict on one line of mugs of which `there` are available in one cell."""
    cell = (MUG, EAST, NEW)
    return route([Need(0, MUG, quantity)], {MUG: Shelf(is_tracked, when_short, [cell])}, {cell: there})[0]


@pytest.mark.parametrize(
    ("quantity", "there", "when_short", "verdict", "reason"),
    [
        (2, 2, ASK, Verdict.COVERED, "2 wanted, 2 available"),
        (1, 25, REFUSE, Verdict.COVERED, "1 wanted, 25 available"),
        (5, 2, ASK, Verdict.ASK, "5 wanted, 2 available"),
        (1, 0, ASK, Verdict.ASK, "1 wanted, 0 available"),
        (1, -3, ASK, Verdict.ASK, "1 wanted, 0 available"),
        (5, 2, BACKORDER, Verdict.BACKORDER, "5 wanted, 2 available: 3 on backorder"),
        (5, -4, BACKORDER, Verdict.BACKORDER, "5 wanted, 0 available: 5 on backorder"),
        (5, 2, REFUSE, Verdict.REFUSE, "5 wanted, 2 available"),
    ],
)
def test_a_line_is_routed_by_what_is_available_and_by_the_choice_of_the_merchant(
    quantity, there, when_short, verdict, reason
):
    routed = one(quantity, there, when_short)

    assert (routed.verdict, str(routed.reason)) == (verdict, reason)


@pytest.mark.parametrize("when_short", list(WhenShort))
def test_what_is_not_tracked_is_always_covered_and_takes_nothing(when_short):
    routed = one(1_000_000, 0, when_short, is_tracked=False)

    assert (routed.verdict, routed.takes) == (Verdict.COVERED, {})


@pytest.mark.parametrize(("when_short", "takes"), [(ASK, {}), (REFUSE, {}), (BACKORDER, {(MUG, EAST, NEW): 5})])
def test_a_short_line_takes_nothing_unless_it_is_a_backorder_which_takes_it_all(when_short, takes):
    assert one(5, 2, when_short).takes == takes


@pytest.mark.parametrize("when_short", [ASK, REFUSE])
def test_two_lines_that_pass_alone_are_summed(when_short):
    cell = (MUG, EAST, NEW)
    needs = [Need(0, MUG, 2), Need(1, MUG, 2)]

    routed = route(needs, {MUG: Shelf(True, when_short, [cell])}, {cell: 3})

    assert [routed[line].verdict.value for line in (0, 1)] == [when_short.value, when_short.value]
    assert {str(routed[line].reason) for line in (0, 1)} == {"4 wanted, 3 available"}


def test_a_line_that_names_a_cell_is_served_before_one_that_does_not():
    east, west = (MUG, EAST, NEW), (MUG, WEST, NEW)
    needs = [Need(0, MUG, 2), Need(1, MUG, 2, EAST, NEW)]

    routed = route(needs, {MUG: Shelf(True, ASK, [east, west])}, {east: 2, west: 2})

    assert (routed[0].takes, routed[1].takes) == ({west: 2}, {east: 2})


def test_a_line_takes_from_the_preferred_cells_first_and_goes_on_in_the_next():
    east, west = (MUG, EAST, NEW), (MUG, WEST, NEW)

    routed = route([Need(0, MUG, 5)], {MUG: Shelf(True, ASK, [west, east])}, {east: 9, west: 3})

    assert routed[0].takes == {west: 3, east: 2}


def test_a_backorder_takes_what_is_there_and_owes_the_rest_in_the_preferred_cell():
    east, west = (MUG, EAST, NEW), (MUG, WEST, NEW)

    routed = route([Need(0, MUG, 9)], {MUG: Shelf(True, BACKORDER, [west, east])}, {east: 2, west: 3})

    assert routed[0].takes == {west: 7, east: 2}


@pytest.mark.parametrize("when_short", [BACKORDER, REFUSE])
def test_without_the_named_cell_none_is_there_and_a_backorder_waits_for_one(when_short):
    cell = (MUG, EAST, NEW)

    routed = route([Need(0, MUG, 1, WEST)], {MUG: Shelf(True, when_short, [cell])}, {cell: 5})

    assert (routed[0].verdict.value, routed[0].available, routed[0].takes) == (when_short.value, 0, {})
    assert routed[0].nowhere == ((MUG, WEST, None) if when_short is BACKORDER else None)


@pytest.mark.parametrize(("owed", "there"), [(-3, 2), (-5, 0), (-9, 0), (0, 5)])
@pytest.mark.parametrize("place", [None, WEST])
def test_what_one_cell_owes_counts_against_every_place(place, owed, there):
    east, west = (MUG, EAST, NEW), (MUG, WEST, NEW)

    routed = route([Need(0, MUG, 3, place)], {MUG: Shelf(True, ASK, [east, west])}, {east: owed, west: 5})

    assert str(routed[0].reason) == f"3 wanted, {there} available"
    assert routed[0].takes == ({west: 3} if there >= 3 else {})


def test_what_a_line_with_a_place_takes_is_not_there_for_one_without():
    east, west = (MUG, EAST, NEW), (MUG, WEST, NEW)
    needs = [Need(0, MUG, 2), Need(1, MUG, 2, WEST)]

    routed = route(needs, {MUG: Shelf(True, BACKORDER, [east, west])}, {east: -3, west: 5})

    assert (routed[1].takes, str(routed[1].reason)) == ({west: 2}, "2 wanted, 2 available")
    assert (routed[0].takes, routed[0].available) == ({east: 2}, 0)


products = st.sampled_from([MUG, SHAWL])
quantities = st.integers(1, 6)
needs_of_an_order = st.lists(
    st.tuples(products, quantities, st.sampled_from([None, EAST, WEST]), st.sampled_from([None, NEW, WORN])),
    min_size=1,
    max_size=7,
).map(lambda wanted: [Need(line, *want) for line, want in enumerate(wanted)])
shelves_of_a_shop = st.fixed_dictionaries(
    {
        product: st.builds(
            Shelf,
            st.booleans(),
            st.sampled_from(WhenShort),
            st.lists(st.sampled_from([(product, *place) for place in CELLS]), unique=True),
        )
        for product in (MUG, SHAWL)
    }
)
stocks = st.fixed_dictionaries({(product, *place): st.integers(-4, 8) for product in (MUG, SHAWL) for place in CELLS})


@MANY
@given(needs_of_an_order, shelves_of_a_shop, stocks)
def test_every_line_gets_a_verdict_and_takes_its_whole_quantity_or_nothing(needs, shelves, stock):
    routed = route(needs, shelves, stock)

    assert set(routed) == {need.line for need in needs}
    for need in needs:
        is_taken = shelves[need.product_id].is_tracked and routed[need.line].verdict in ("covered", "backorder")
        is_held = is_taken and routed[need.line].nowhere is None
        assert sum(routed[need.line].takes.values()) == (need.quantity if is_held else 0)
        assert all(units > 0 for units in routed[need.line].takes.values())


@MANY
@given(needs_of_an_order, shelves_of_a_shop, stocks)
def test_no_cell_gives_more_than_is_available_except_to_backorders(needs, shelves, stock):
    routed = route(needs, shelves, stock)

    taken = Counter()
    for verdict in routed.values():
        taken.update(verdict.takes)
    owing = {cell for verdict in routed.values() if verdict.verdict == "backorder" for cell in verdict.takes}
    for cell, units in taken.items():
        assert units <= max(stock[cell], 0) or cell in owing


@MANY
@given(needs_of_an_order, shelves_of_a_shop, stocks)
def test_what_is_covered_is_never_more_than_a_product_has_beyond_what_is_promised(needs, shelves, stock):
    routed = route(needs, shelves, stock)

    for product, shelf in shelves.items():
        there = sum(stock[cell] for cell in shelf.cells)
        mine = [need for need in needs if need.product_id == product and shelf.is_tracked]
        assert sum(need.quantity for need in mine if routed[need.line].verdict == "covered") <= max(there, 0)
        assert all(routed[need.line].available <= max(there, 0) for need in mine)


@MANY
@given(needs_of_an_order, shelves_of_a_shop, stocks)
def test_a_line_takes_only_from_cells_that_it_may_take_from(needs, shelves, stock):
    routed = route(needs, shelves, stock)

    for need in needs:
        assert set(routed[need.line].takes) <= set(eligible(need.choice, shelves[need.product_id].cells))


@MANY
@given(needs_of_an_order, shelves_of_a_shop, stocks)
def test_lines_of_one_product_with_one_choice_share_a_verdict_and_its_sentence(needs, shelves, stock):
    routed = route(needs, shelves, stock)

    said = {}
    for need in needs:
        verdict = routed[need.line]
        said.setdefault(need.choice, set()).add((verdict.verdict, str(verdict.reason), verdict.wanted))
    assert all(len(verdicts) == 1 for verdicts in said.values())


@MANY
@given(needs_of_an_order, shelves_of_a_shop, stocks)
def test_a_short_line_is_routed_as_its_product_says_and_a_covered_one_was_covered(needs, shelves, stock):
    routed = route(needs, shelves, stock)

    for need in needs:
        verdict, shelf = routed[need.line], shelves[need.product_id]
        if not shelf.is_tracked or verdict.wanted <= verdict.available:
            assert verdict.verdict == "covered"
        else:
            assert verdict.verdict in (shelf.when_short.value, "refuse")


@MANY
@given(needs_of_an_order, shelves_of_a_shop, stocks)
def test_routing_changes_nothing_of_what_it_was_given(needs, shelves, stock):
    before = dict(stock)

    first, second = route(needs, shelves, stock), route(needs, shelves, stock)

    assert stock == before
    assert first == second
