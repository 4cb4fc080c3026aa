"""A process that died is started again with a growing pause; one that dies many times a minute is not."""

from merchant_api.server.restarts import LONGEST_PAUSE_S, MOST, WITHIN_S, Restarts


def test_the_first_death_waits_for_nothing_and_the_next_ones_longer_and_longer():
    restarts = Restarts()

    pauses = [restarts.after_death(number * 3.0) for number in range(MOST - 1)]

    assert pauses == [0.0, 0.5, 1.0, 2.0, 4.0, 8.0, LONGEST_PAUSE_S]


def test_one_that_dies_many_times_a_minute_is_given_up():
    restarts = Restarts()

    pauses = [restarts.after_death(number * WITHIN_S / MOST) for number in range(MOST)]

    assert [pause is None for pause in pauses] == [False] * (MOST - 1) + [True]


def test_deaths_of_long_ago_are_forgotten():
    restarts = Restarts()

    pauses = {restarts.after_death(number * (WITHIN_S + 1)) for number in range(5 * MOST)}

    assert pauses == {0.0}
