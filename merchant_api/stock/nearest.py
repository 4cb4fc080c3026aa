"""Which locations are nearest to where an order goes: pure, on great circles, as an order of cells.

Locations without degrees come after those that have them, and what is equally far stays in the order of preference.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from merchant_api.stock.ledger import CellKey

EARTH_KM = 6371.0088  # mean radius


@dataclass(frozen=True, slots=True)
class Point:
    """A place on Earth, in degrees; north and east are positive."""

    latitude: float
    longitude: float


def point_in(fields: Mapping[str, Any] | None) -> Point | None:
    """The point that `latitude` and `longitude` of a document name, or None where one of them is missing."""
    latitude, longitude = (fields or {}).get("latitude"), (fields or {}).get("longitude")
    return None if latitude is None or longitude is None else Point(latitude, longitude)


def distance_km(one: Point, other: Point) -> float:
    """Kilometres along the great circle between two points (haversine, exact enough for choosing among locations)."""
    north, north_other = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    chord = math.sin((north_other - north) / 2) ** 2 + math.cos(north) * math.cos(north_other) * math.sin(east / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(chord, 1.0)))


def nearest_first(cells: Iterable[CellKey], points: Mapping[UUID, Point], towards: Point) -> list[CellKey]:
    """Cells that came in the order of preference, those of the nearest location first."""

    def distance(cell: CellKey) -> float:
        point = points.get(cell[1])
        return math.inf if point is None else distance_km(point, towards)

    return sorted(cells, key=distance)
