"""Retry-After in both of its forms, and in forms that it does not have."""

from datetime import UTC, datetime

import pytest

from outside.retry_after import seconds_to_wait

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("99999999999999", 86_400.0),
        ("Sun, 22 Nov 2026 12:01:30 GMT", 90.0),
        ("Sun, 22 Nov 2026 12:01:30 -0000", 90.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("Sun, 22 Nov 2099 11:00:00 GMT", 86_400.0),
        *((nothing, None) for nothing in (None, "", "soon", "-5", "1.5", "²", "Sun, 99 Nov 2026 12:00:00 GMT")),
        ("Fri, 01 Jan 2027 00:00:00 +999999999999999", None),
        ("Fri, 99999999999999999999 Jan 2027 00:00:00 GMT", None),
    ],
)
def test_a_wait_is_read_in_seconds(header: str | None, seconds: float | None) -> None:
    assert seconds_to_wait(header, lambda: NOON) == seconds
