"""Instants that come in: RFC 3339 with an offset, of our time; ahead and behind, give or take five minutes."""

from datetime import UTC, datetime, timedelta

import pytest
from marshmallow import ValidationError

from merchant_api.core.give_or_take import is_ahead, is_behind
from merchant_api.core.schema import InstantIn

NOW = datetime(2026, 11, 22, 8, 47, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-11-22T08:47:00Z", "2026-11-22T08:47:00.000000000Z", "2026-11-22T08:47:00-00:00"),
        *("2026-11-22T14:32:00+05:45", "2026-11-22T22:47:00+14:00", "2026-11-21T18:47:00-14:00"),
    ],
)
def test_an_instant_is_the_same_in_every_zone(text):
    assert InstantIn().deserialize(text) == NOW


@pytest.mark.parametrize(
    "text",
    [
        *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1999-12-31T23:59:59Z", "2200-01-01T00:00:00Z"),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2016-12-31T23:59:60Z", "2026-11-22T24:00:00Z"),
        *("2026-11-22T08:47:00+14:01", "2026-11-22T08:47:00-23:59", "2026-11-22T08:47:00+24:00", "2026-11-22"),
        *("2026-02-29T00:00:00Z", "2026-11-22T08:47:00", "2026-11-22 08:47:00Z", "2026-11-22T08:47Z", "infinity"),
        *("now", "", "2026-11-22T08:47:00Z\n", "\u0662026-11-22T08:47:00Z", "2026-11-22T08:47:00[UTC]"),
        *(1795337220, 1.5, True, [], {}),
    ],
)
def test_what_is_no_instant_of_our_time_is_refused(text):
    with pytest.raises(ValidationError, match="RFC 3339"):
        InstantIn().deserialize(text)


@pytest.mark.parametrize(
    ("seconds", "ahead", "behind"),
    [(301, True, False), (300, False, False), (0, False, False), (-300, False, False), (-301, False, True)],
)
def test_five_minutes_are_given_or_taken(seconds, ahead, behind):
    instant = NOW + timedelta(seconds=seconds)

    assert (is_ahead(instant, NOW), is_behind(instant, NOW)) == (ahead, behind)
