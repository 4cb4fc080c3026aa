"""A time is told with its place and offset, by the newest rules, in each of our languages."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from merchant_api.core import zones
from notifications.wall_clock import WallClock, place
from notifications.wording import languages

FORMATS = {"time": "{time} ({where})", "day_and_time": "{day} {month}, {time} ({where})"}
JANUARY, JULY = datetime(2027, 1, 15, 20, tzinfo=UTC), datetime(2027, 7, 15, 20, tzinfo=UTC)
WHOLE = re.compile(r"\d\d:\d\d \(([^_/,]+(, ?[^_/,]+)?, )?UTC([+-]\d{1,2}(:\d\d)?)?\)")


def told(zone, instant, language="en"):
    return WallClock(zone, language, FORMATS).time(instant)


@pytest.mark.parametrize(
    ("zone", "winter", "summer"),
    [
        ("America/Vancouver", "13:00 (Vancouver, UTC-7)", "13:00 (Vancouver, UTC-7)"),
        ("America/Edmonton", "14:00 (Edmonton, UTC-6)", "14:00 (Edmonton, UTC-6)"),
        ("America/Winnipeg", "15:00 (Winnipeg, UTC-5)", "15:00 (Winnipeg, UTC-5)"),
        ("America/Havana", "16:00 (Havana, UTC-4)", "16:00 (Havana, UTC-4)"),
        ("Africa/Casablanca", "20:00 (Casablanca, UTC)", "20:00 (Casablanca, UTC)"),
    ],
)
def test_rules_of_2026_are_known_whatever_the_system_knows(zone, winter, summer):
    assert (told(zone, JANUARY), told(zone, JULY)) == (winter, summer)


def test_the_hour_that_comes_twice_is_told_apart():
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    said = [told("Europe/Berlin", first + timedelta(hours=hours)) for hours in (0, 1)]

    assert said == ["02:30 (Berlin, UTC+2)", "02:30 (Berlin, UTC+1)"]


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_zone_has_an_offset_and_no_name_of_a_file(language):
    said = {zone: told(zone, JANUARY, language) for zone in zones.names()}

    assert {zone: words for zone, words in said.items() if not WHOLE.fullmatch(words)} == {}


@pytest.mark.parametrize(
    ("zone", "english", "nepali"),
    [
        ("Asia/Kathmandu", "Kathmandu", "काठमाण्डौं"),
        ("Asia/Katmandu", "Kathmandu", "काठमाण्डौं"),
        ("Asia/Calcutta", "Kolkata", "कोलकाता"),
        ("Asia/Ho_Chi_Minh", "Ho Chi Minh City", "हो ची मिन्ह शहर"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires", "ब्यनेश आयर्स"),
        ("US/Pacific", "Los Angeles", "लस् एन्जेलस"),
        ("America/Coyhaique", "Coyhaique", "Coyhaique"),
        ("Etc/GMT-5", None, None),
        ("UTC", None, None),
    ],
)
def test_a_zone_is_called_after_its_city_whichever_of_its_names_was_chosen(zone, english, nepali):
    assert (place(zone, "en"), place(zone, "ne")) == (english, nepali)


def test_days_and_months_are_those_of_the_place():
    late = datetime(2026, 12, 31, 20, tzinfo=UTC)

    clocks = [WallClock("Asia/Kathmandu", language, FORMATS) for language in ("en", "ne")]

    assert [clock.day_and_time(late).split(",")[0] for clock in clocks] == ["1 Jan", "1 जनवरी"]
