"""An instant as the clock of one place shows it, with the name of the place and its offset.

Who reads it may be anywhere, and an hour that comes twice is told apart by its offset alone. Abbreviations and names
of zones (PST, "Pacific Time") are not used: they stay when a country changes its rules.
"""

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache

from babel import Locale
from babel.core import get_global

zoneinfo.reset_tzpath(())  # the pinned `tzdata` alone, whoever runs this package (merchant_api/core/zones.py says why)


@dataclass(frozen=True)
class WallClock:
    """The clock of a zone (IANA name; UTC where there is none of it), read out in one of our languages."""

    time_zone: str
    language: str
    formats: Mapping[str, str]

    def shows(self, instant: datetime) -> datetime:
        """The instant by this clock. OverflowError at the ends of all time."""
        return instant.astimezone(_zone(self.time_zone))

    def time(self, instant: datetime) -> str:
        """14:32 (Kathmandu, UTC+5:45)."""
        return self._told(instant, "time")

    def day_and_time(self, instant: datetime) -> str:
        """22 Nov, 14:32 (Kathmandu, UTC+5:45)."""
        return self._told(instant, "day_and_time")

    def _told(self, instant: datetime, form: str) -> str:
        shown = self.shows(instant)
        parts = {
            "day": str(shown.day),
            "month": str(Locale.parse(self.language).months["format"]["abbreviated"][shown.month]),
            "time": f"{shown:%H:%M}",
            "where": ", ".join(part for part in (self._place(), _offset(shown)) if part),
        }
        return self.formats[form].format_map(parts)

    def _place(self) -> str | None:
        zone = _zone(self.time_zone)
        return place(zone.key, self.language) if isinstance(zone, zoneinfo.ZoneInfo) else None


@cache
def place(zone: str, language: str) -> str | None:
    """The city that a zone is named after; nothing for zones of no place, as Etc/GMT-5.

    Babel keeps the names of some cities under an older name of their zone (Asia/Katmandu) and finds them by no other.
    """
    newest: Mapping[str, str] = get_global("zone_aliases")
    modern = newest.get(zone, zone)
    if "/" not in modern or modern.startswith("Etc/"):
        return None
    told = Locale.parse(language).time_zones
    spelt = (zone, modern, *sorted(older for older, newer in newest.items() if newer == modern))
    cities = (str(told[each]["city"]) for each in spelt if each in told and "city" in told[each])
    return next(cities, modern.rpartition("/")[2].replace("_", " "))


def _zone(name: str) -> tzinfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # unknown, malformed, or the name of a folder
        return UTC


def _offset(shown: datetime) -> str:
    """UTC+5:45, UTC-7 or UTC."""
    sign, hours, minutes = f"{shown:%z}"[0], int(f"{shown:%z}"[1:3]), f"{shown:%z}"[3:5]
    if not hours and minutes == "00":
        return "UTC"
    return f"UTC{sign}{hours}" + ("" if minutes == "00" else f":{minutes}")
