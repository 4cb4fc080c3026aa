"""Shapes of locations and grades."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from merchant_api.core.reader_fields import SellersFloat
from merchant_api.core.schema import Degrees, In, InstantOut, Out, PlaceName, Whole

LARGEST_RANK = 10_000
_RANK = {"description": "Lower is preferred."}


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A location or grade to be; lower ranks are preferred, degrees are a location's."""

    name: str
    rank: int
    latitude: float | None = None
    longitude: float | None = None


class NewGradeIn(In):
    """A grade."""

    makes = NewPlace

    name = PlaceName(required=True)
    rank = Whole(0, LARGEST_RANK, load_default=100, metadata=_RANK)


class _OnEarth(In):
    latitude = Degrees(90, allow_none=True)
    longitude = Degrees(180, allow_none=True)

    @validates_schema
    def _both_or_none(self, data: Mapping[str, Any], **_: object) -> None:
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            raise ValidationError(
                {name: ["Give latitude and longitude together."] for name in ("latitude", "longitude")}
            )


class NewLocationIn(NewGradeIn, _OnEarth):
    """A location; its degrees serve who takes from the nearest location first."""


class GradeChangesIn(In):
    """What shall be different of a grade; what is left out stays."""

    name = PlaceName()
    rank = Whole(0, LARGEST_RANK, metadata=_RANK)


class LocationChangesIn(GradeChangesIn, _OnEarth):
    """What shall be different of a location; what is left out stays. Degrees that are null are forgotten."""


class GradeOut(Out):
    """A grade."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    rank = fields.Integer(required=True)
    created_at = InstantOut(required=True)


class LocationOut(GradeOut):
    """A location; customers and strangers, who may name it in an order, see no degrees."""

    latitude = SellersFloat(required=True)
    longitude = SellersFloat(required=True)
