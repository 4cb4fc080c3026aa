"""Ids follow the clock, and the ids that they come after, whichever process made those."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from merchant_api.core import clock, ids


@given(ahead=st.integers(-(10**6), 10**6), more=st.integers(0, 3))
def test_an_id_is_larger_than_the_one_it_comes_after_even_of_a_clock_that_is_ahead(ahead, more):
    before = ids.first_id(clock.now() + timedelta(milliseconds=ahead))
    for _ in range(more):
        before = ids.new_id(before)

    after = ids.new_id(before)

    assert after > before
    assert (after.version, after.variant) == (7, "specified in RFC 4122")
    assert ids.new_id() > after
