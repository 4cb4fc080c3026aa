"""Counts that are moved, withdrawn and made at the same moment: what holds is what the log says last (the audit)."""

import pytest

from merchant_api.core.db import session
from merchant_api.stock.adjust import Adjustment
from merchant_api.stock.sessions import change, move_count, promote
from merchant_api.stock.sessions import count as counting
from merchant_api.stock.sessions.count import NewCount
from merchant_api.stock.sessions.move_count import CountMove
from merchant_api.stock.sessions.promote import Close
from merchant_api.stock.states import Reason
from tests.make.people import make_actor, make_merchant
from tests.make.sessions import figures, make_count, make_staged
from tests.make.stock import make_cell, make_product
from tests.races.rivals import at_once, in_own, said

ACTOR = make_actor()
ROUNDS = 6


def counted_products(locations=("default", "attic")):
    """Products with a cell and a count at both places; the rows of their counts."""
    merchant = make_merchant()
    make_staged(merchant)
    rows = []
    for _ in range(ROUNDS):
        product = make_product(merchant, on_hand=5)
        make_cell(product, 5, location="attic")
        rows.append([make_count(product, units, location=name) for units, name in zip((1, 2), locations, strict=True)])
    return merchant, rows


def moves(row, location):
    """Moves a count and commits; a deadlock is an error here, and not tried again."""

    def work():
        done = move_count.move(row.merchant_id, row.id, CountMove(location, "default"), ACTOR)
        session().commit()
        return done

    return work


def test_counts_that_are_moved_in_a_circle_do_not_wait_for_each_other_for_ever(crowd):
    _, rows = counted_products()

    for here, there in rows:
        results = at_once(crowd, [moves(here, "attic"), moves(there, "default")])

        assert said(results) == {"ok": 2}


def test_of_two_who_move_the_same_count_one_does_it(crowd):
    _, rows = counted_products()

    for here, _there in rows:
        results = at_once(crowd, [moves(here, "attic")] * 2)

        assert said(results) == {"ok": 1, "already_withdrawn": 1}


def test_a_count_that_is_moved_while_somebody_closes_is_in_one_session_or_the_other(crowd):
    for _ in range(ROUNDS):
        merchant = make_merchant()
        make_staged(merchant)
        product = make_product(merchant, on_hand=5)
        make_cell(product, 5, location="attic")
        wrong = make_count(product, 7)
        close = in_own(lambda merchant=merchant: promote.close(merchant.id, Close(), ACTOR))

        moved, closed = at_once(crowd, [in_own(moves(wrong, "attic")), close])

        assert said([closed]) == {"ok": 1}
        is_moved = said([moved]) == {"ok": 1}
        assert said([moved]).keys() <= {"ok", "not_found", "session_closing"}
        assert sorted(figures(product)) == [(5, 0), (7, 0)]
        assert closed.counted == 1
        assert closed.live.version == (3 if is_moved else 1)


def withdraws(row):
    return in_own(lambda: change.withdraw(row.merchant_id, row.id, ACTOR))


def counts(row):
    return in_own(lambda: counting.count(row.merchant_id, NewCount(row.product_id, 8), ACTOR))


def adjusts(row):
    more = Adjustment(row.product_id, Reason.CORRECTION, increase=2)
    return in_own(lambda: change.adjust(row.merchant_id, more, ACTOR))


@pytest.mark.parametrize("rival", [counts, adjusts])
def test_a_cell_is_counted_while_its_only_count_is_withdrawn(crowd, rival):
    _, rows = counted_products()

    for here, _there in rows:
        assert said(at_once(crowd, [withdraws(here), rival(here)])) == {"ok": 2}


def test_a_count_is_moved_to_a_cell_whose_only_count_is_withdrawn(crowd):
    _, rows = counted_products()

    for here, there in rows:
        assert said(at_once(crowd, [withdraws(here), moves(there, "default")])) == {"ok": 2}
