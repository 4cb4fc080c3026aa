"""Zones of time and their rules: those of the pinned `tzdata`, and of nothing else, in every process of ours.

Left alone, Python looks into the system's files first (or where PYTHONTZPATH points), and those are as old as the
machine: where rules have changed since, a deadline would be told an hour off.
"""

import zoneinfo
from functools import cache

# A machine that nobody set up, and the one that happens to run this: names in the database's files, of no place.
_NOWHERE = frozenset({"Factory", "localtime"})


def take_ours() -> None:
    """From now on this process reads zones from `tzdata` alone, also those that it had read before."""
    zoneinfo.reset_tzpath(())
    zoneinfo.ZoneInfo.clear_cache()


@cache
def names() -> frozenset[str]:
    """Every zone of the IANA database by its name, the older names of a zone (Asia/Calcutta) among them."""
    return frozenset(zoneinfo.available_timezones()) - _NOWHERE
