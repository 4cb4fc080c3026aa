"""Settings of channels: checked one by one, kept whole, changed by halves; and the switch of the whole merchant."""

import pytest

from tests.fakes.small_shop import SmallConnector
from tests.http.channels.rows import DEFAULTS, rounds
from tests.make.stock import make_cell, make_product


def test_what_is_left_out_stays(seller, channel):
    seller.change(channel, settings={"buffer": 2, "percent": 50, "most": 9, "drift": "theirs"})

    kept = seller.change(channel, settings={"most": None, "options": {"version": "2026-10"}}).json["settings"]

    changed = {"buffer": 2, "percent": 50, "most": None, "drift": "theirs", "options": {"version": "2026-10"}}
    assert kept == DEFAULTS | changed
    assert seller.change(channel, settings={"options": {"version": None}}).json["settings"]["options"] == {}


def test_locations_are_ours_by_name_and_stay_when_they_are_renamed(seller, channel):
    make_cell(make_product(seller.merchant), 1, "Attic")

    assert seller.change(channel, settings={"locations": ["attic", "default"]}).json["settings"]["locations"] == [
        "Attic",
        "default",
    ]
    attic = seller.call("owner", "GET", "/locations").json["items"][-1]
    seller.call("owner", "PATCH", f"/locations/{attic['id']}", {"name": "Loft"})
    assert seller.shown(channel)["settings"]["locations"] == ["Loft", "default"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"buffer": -1}, "buffer"),
        ({"buffer": 1.5}, "buffer"),
        ({"buffer": None}, "buffer"),
        ({"percent": 101}, "percent"),
        ({"percent": "50"}, "percent"),
        ({"pack": 0}, "pack"),
        ({"most": -1}, "most"),
        ({"most": 1_000_001}, "most"),
        ({"least": 5, "most": 4}, "least"),
        ({"locations": ["nowhere"]}, "locations"),
        ({"locations": "default"}, "locations"),
        ({"drift": "mine"}, "drift"),
        ({"restores_cancelled": "yes"}, "restores_cancelled"),
        ({"options": {"colour": "red"}}, "options"),
        ({"options": {"version": ["2026"]}}, "options"),
        ({"options": {"version": 1.5}}, "options"),
        ({"options": {"version": "x" * 501}}, "options"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_setting_that_is_none_is_refused_by_its_name(seller, channel, given, field):
    for refused in (seller.change(channel, settings=given), seller.connect(settings=given)):
        assert refused.status_code == 422, refused.text
        assert list(refused.json["errors"]["settings"]) == [field]
    assert seller.shown(channel)["settings"] == DEFAULTS


def test_a_kind_without_locations_takes_none_of_the_shop(monkeypatch, seller, channel):
    assert seller.change(channel, settings={"shop_location": "Cellar"}).status_code == 200
    monkeypatch.setattr("merchant_api.channels.connectors.of", lambda _: SmallConnector(has_locations=False))

    assert list(seller.change(channel, settings={"shop_location": "Attic"}).json["errors"]["settings"]) == [
        "shop_location"
    ]


def test_one_switch_rests_all_channels_of_the_merchant(seller, channel):
    assert seller.call("owner", "GET", "").json["is_synchronised"] is True

    assert seller.call("owner", "PATCH", "", {"is_synchronised": False}).json["is_synchronised"] is False

    assert (seller.shown(channel)["state"], rounds(channel)) == ("off", {"poll": False, "look": False})
    assert seller.shown(channel)["is_synchronised"] is True
    seller.call("owner", "PATCH", "", {"is_synchronised": True})
    assert (seller.shown(channel)["state"], rounds(channel)) == ("new", {"poll": True, "look": True})


@pytest.mark.parametrize("switch", ["off", 1, None])
def test_the_switch_is_true_or_false(seller, switch):
    assert seller.call("owner", "PATCH", "", {"is_synchronised": switch}).status_code == 422
    assert seller.call("clerk", "PATCH", "", {"is_synchronised": False}).status_code == 403
