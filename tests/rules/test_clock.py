"""The one clock: it follows the database, and a machine whose own clock is wrong changes nothing."""

from datetime import UTC, datetime, timedelta

from merchant_api.core.clock import Clock

TRUE = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_it_measures_before_it_tells_the_time():
    clock = Clock()
    clock.follow(lambda: clock.measure(lambda: TRUE))

    told = clock.now()

    assert abs(told - TRUE) < timedelta(seconds=5)


def test_a_guess_made_without_a_database_is_given_up_once_it_is_measured():
    clock = Clock()
    guess = clock.now()

    clock.measure(lambda: TRUE)

    assert guess > TRUE
    assert abs(clock.now() - TRUE) < timedelta(seconds=5)


def test_it_never_steps_back_between_measurements():
    clock = Clock()
    clock.measure(lambda: TRUE)
    before = clock.now()

    clock.measure(lambda: TRUE - timedelta(seconds=30))

    assert clock.now() >= before


def test_it_is_due_to_be_measured_until_it_was():
    clock = Clock()
    was_due = clock.is_due()

    clock.measure(lambda: TRUE)

    assert (was_due, clock.is_due()) == (True, False)
