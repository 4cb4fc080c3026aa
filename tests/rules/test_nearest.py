"""Which location is nearest: distances on great circles, and the order that comes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merchant_api.core.ids import new_id
from merchant_api.stock.nearest import EARTH_KM, Point, distance_km, nearest_first, point_in

KATHMANDU, POKHARA, LONDON = Point(27.7172, 85.3240), Point(28.2096, 83.9856), Point(51.5074, -0.1278)
POINTS = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        (KATHMANDU, KATHMANDU, 0),
        (KATHMANDU, POKHARA, 142.4),
        (KATHMANDU, LONDON, 7_321),
        (Point(0, 179.5), Point(0, -179.5), 111.2),
        (Point(90, 0), Point(90, 120), 0),
        (Point(0, 0), Point(0, 180), 20_015),
    ],
)
def test_distances_are_those_of_the_globe(one, other, km):
    assert distance_km(one, other) == pytest.approx(km, rel=0.005, abs=0.01)


@given(POINTS, POINTS)
def test_a_distance_is_the_same_both_ways_and_never_beyond_the_globe(one, other):
    there, back = distance_km(one, other), distance_km(other, one)

    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= 3.1416 * EARTH_KM


def test_the_nearest_comes_first_and_what_lies_nowhere_last():
    product, far, near, nowhere, elsewhere = (new_id() for _ in range(5))
    cells = [
        (product, location, grade) for location in (nowhere, far, near, elsewhere) for grade in (new_id(), new_id())
    ]

    ordered = nearest_first(cells, {far: LONDON, near: POKHARA}, KATHMANDU)

    assert [cell[1] for cell in ordered[::2]] == [near, far, nowhere, elsewhere]
    assert [cell for cell in ordered if cell[1] == near] == [cell for cell in cells if cell[1] == near]


def test_a_point_needs_both_degrees():
    assert point_in({"latitude": 1.5, "longitude": 0.0}) == Point(1.5, 0.0)
    assert [point_in(each) for each in (None, {}, {"latitude": 1.5}, {"longitude": 0.0})] == [None] * 4
