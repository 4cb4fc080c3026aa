"""When a delivery is tried again: pure."""

from datetime import UTC, datetime, timedelta

import pytest

from merchant_api.outbox.models import DeliveryState
from merchant_api.outbox.retry import LONGEST_WAIT_S, MOST_ATTEMPTS, Tried, after, wait_s

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOMORROW = NOON + timedelta(days=1)


@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"),
    [
        (1, 0.0, 1),
        (1, 1.0, 2),
        (2, 1.0, 4),
        (5, 0.5, 24),
        (9, 1.0, 512),
        (10, 1.0, LONGEST_WAIT_S),
        (10_000, 1.0, LONGEST_WAIT_S),
    ],
)
def test_waits_double_up_to_a_quarter_of_an_hour(attempts, chance, seconds):
    assert wait_s(attempts, chance) == seconds


def test_a_stated_wait_is_kept():
    then = after(Tried(1, NOON, TOMORROW, stated_s=120), chance=1.0)

    assert then.state is DeliveryState.PENDING
    assert then.due_at == NOON + timedelta(seconds=120)


def test_a_stated_wait_shorter_than_ours_is_not_taken():
    assert after(Tried(5, NOON, TOMORROW, stated_s=1), chance=1.0).due_at == NOON + timedelta(seconds=32)


def test_the_last_attempt_ends_as_failed():
    assert after(Tried(MOST_ATTEMPTS, NOON, TOMORROW), chance=0.0).state is DeliveryState.FAILED


def test_what_would_come_too_late_ends_as_expired():
    tried = Tried(4, NOON, NOON + timedelta(seconds=16))

    assert after(tried, chance=1.0).state is DeliveryState.EXPIRED
    assert after(tried, chance=0.9).state is DeliveryState.PENDING
