"""A zone is one of the IANA database, from `tzdata` alone, by any of its names and in its spelling."""

import zoneinfo

import pytest

from merchant_api.core import zones


@pytest.mark.parametrize(
    "name", ["Asia/Kathmandu", "Asia/Katmandu", "Asia/Calcutta", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "UTC"]
)
def test_zones_and_their_older_names_are_known(name):
    assert name in zones.names()


@pytest.mark.parametrize(
    "name",
    [
        *("localtime", "Factory", "posixrules", "leapseconds", "tzdata.zi", "zone.tab", "right/Europe/Berlin"),
        *("posix/Europe/Berlin", "asia/kathmandu", " Asia/Kathmandu", "Asia/Kathmandu ", "Asia", "Asia/", "", "UTC+5"),
        *("../etc/passwd", "/etc/localtime", "Asia/Kathmandu\x00", "PST", "Moon"),
    ],
)
def test_other_names_are_none(name):
    assert name not in zones.names()


def test_what_was_read_elsewhere_is_read_anew(tmp_path):
    zone = tmp_path / "Asia" / "Kathmandu"
    zone.parent.mkdir()
    with zoneinfo._common.load_tzdata("Asia/Tokyo") as tokyo:
        zone.write_bytes(tokyo.read())
    zoneinfo.reset_tzpath([tmp_path])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        foreign = zoneinfo.ZoneInfo("Asia/Kathmandu")
    finally:
        zones.take_ours()

    assert zoneinfo.TZPATH == ()
    assert zoneinfo.ZoneInfo("Asia/Kathmandu") is not foreign
