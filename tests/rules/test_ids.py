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


def test_ids_of_one_family_sort_after_its_first_and_before_what_was_made_later():
    first, second = ids.first_of_many(), ids.first_of_many()

    made = [first, ids.following(first), ids.following(ids.following(first)), second]

    assert made == sorted(set(made))
    assert [ids.family(each) == ids.family(first) for each in made] == [True, True, True, False]


def test_an_id_that_was_not_made_for_others_to_follow_has_a_family_all_the_same():
    plain = ids.new_id()

    assert ids.family(ids.following(plain)) == ids.family(plain)
    assert ids.following(plain) != plain
