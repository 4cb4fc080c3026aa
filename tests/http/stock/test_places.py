"""Locations and grades over HTTP: ranks, names and degrees are changed by who edits products."""

import pytest

from merchant_api.accounts.models import MemberRole
from merchant_api.core.ids import new_id
from tests.make.people import make_member, make_merchant
from tests.make.stock import make_cell, make_product
from tests.make.tokens import bearer, make_token


@pytest.fixture
def merchant(database):
    return make_merchant()


@pytest.fixture
def owner(merchant):
    return bearer(make_token(make_member(merchant)))


def at(merchant, rest):
    return f"/v1/merchants/{merchant.id}/{rest}"


def add(client, merchant, who, kind="locations", **fields):
    return client.post(at(merchant, kind), json={"name": "attic"} | fields, headers=who)


def change(client, merchant, who, row, kind="locations", **fields):
    return client.patch(at(merchant, f"{kind}/{row['id']}"), json=fields, headers=who)


def test_a_location_says_where_on_earth_it_is(client, merchant, owner):
    added = add(client, merchant, owner, latitude=28.2, longitude=84).json

    moved = change(client, merchant, owner, added, latitude=-33.5, longitude=-70.25).json
    forgotten = change(client, merchant, owner, added, latitude=None, longitude=None).json

    assert (added["latitude"], added["longitude"]) == (28.2, 84.0)
    assert (moved["latitude"], moved["longitude"], moved["name"]) == (-33.5, -70.25, "attic")
    assert (forgotten["latitude"], forgotten["longitude"]) == (None, None)


@pytest.mark.parametrize(
    "fields",
    [
        {"latitude": 1.5},
        {"latitude": 1.5, "longitude": None},
        {"latitude": 91, "longitude": 0},
        {"latitude": 0, "longitude": -180.5},
        {"latitude": "1", "longitude": 0},
        {"latitude": True, "longitude": 0},
        {"rank": 1.5},
        {"rank": -1},
        {"name": ""},
        {"colour": "red"},
    ],
)
def test_what_is_no_place_is_refused(client, merchant, owner, fields):
    added = add(client, merchant, owner).json

    assert change(client, merchant, owner, added, **fields).status_code == 422


@pytest.mark.parametrize("kind", ["locations", "grades"])
def test_rank_and_name_change_and_names_stay_single(client, merchant, owner, kind):
    first = add(client, merchant, owner, kind, rank=3).json
    second = add(client, merchant, owner, kind, name="cellar").json

    changed = change(client, merchant, owner, first, kind, name="loft", rank=7).json
    taken = change(client, merchant, owner, second, kind, name="loft")
    same = change(client, merchant, owner, first, kind, name="loft")

    assert (changed["name"], changed["rank"]) == ("loft", 7)
    assert (taken.status_code, taken.json["code"]) == (409, "name_taken")
    assert same.status_code == 200


@pytest.mark.parametrize("kind", ["locations", "grades"])
def test_the_default_place_keeps_its_name_but_not_its_rank(client, merchant, owner, kind):
    default = client.get(at(merchant, kind), headers=owner).json["items"][0]

    renamed = change(client, merchant, owner, default, kind, name="shop")

    assert (renamed.status_code, renamed.json["code"]) == (409, "default_place")
    assert change(client, merchant, owner, default, kind, rank=50).json["rank"] == 50


def test_the_order_of_preference_follows_the_ranks(client, merchant, owner):
    product = make_product(merchant, on_hand=1)
    make_cell(product, 1, location="attic")
    places = {row["name"]: row for row in client.get(at(merchant, "locations"), headers=owner).json["items"]}
    change(client, merchant, owner, places["default"], rank=9)

    shown = client.get(at(merchant, f"availability/{product.id}"), headers=owner).json["cells"]

    assert [cell["location"] for cell in shown] == ["attic", "default"]


def test_places_of_others_are_not_found_and_clerks_change_none(client, merchant, owner):
    added = add(client, merchant, owner).json
    clerk = bearer(make_token(make_member(merchant, MemberRole.CLERK)))
    other = make_merchant()

    assert change(client, merchant, clerk, added, rank=1).status_code == 403
    assert change(client, merchant, owner, {"id": new_id()}, rank=1).status_code == 404
    assert change(client, other, bearer(make_token(make_member(other))), added, rank=1).status_code == 404


def test_the_merchant_chooses_how_units_are_taken(client, merchant, owner):
    path = f"/v1/merchants/{merchant.id}"
    before = client.get(path, headers=owner).json["allocation"]

    after = client.patch(path, json={"allocation": "nearest"}, headers=owner).json["allocation"]

    assert (before, after) == ("preference", "nearest")
    assert client.patch(path, json={"allocation": "cheapest"}, headers=owner).status_code == 422
