"""The endpoints of locations and grades."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint

from merchant_api.core.endpoint import endpoint
from merchant_api.core.paging import Page, PageIn, Window, page_of
from merchant_api.stock import places
from merchant_api.stock.models import Grade, Location
from merchant_api.stock.place_schemas import (
    GradeChangesIn,
    GradeOut,
    LocationChangesIn,
    LocationOut,
    NewGradeIn,
    NewLocationIn,
    NewPlace,
)

places_of_stock = Blueprint("places", __name__)


@endpoint(places_of_stock, "GET", "/locations", needs="products.read", query=PageIn, reply=page_of(LocationOut))
def list_locations(merchant_id: UUID, query: Window, **_: object) -> Page[Location]:
    """Where stock lies."""
    return places.page(Location, merchant_id, query)


@endpoint(
    places_of_stock, "POST", "/locations", needs="products.edit", body=NewLocationIn, reply=LocationOut, status=201
)
def add_location(merchant_id: UUID, body: NewPlace, **_: object) -> Location:
    """Add a location."""
    return places.add(Location, merchant_id, body.name, body.rank, latitude=body.latitude, longitude=body.longitude)


@endpoint(
    places_of_stock,
    "PATCH",
    "/locations/<uuid:location_id>",
    needs="products.edit",
    body=LocationChangesIn,
    reply=LocationOut,
)
def change_location(merchant_id: UUID, location_id: UUID, body: Mapping[str, Any], **_: object) -> Location:
    """Change a location's name, rank or degrees."""
    return places.change(Location, merchant_id, location_id, body)


@endpoint(places_of_stock, "GET", "/grades", needs="products.read", query=PageIn, reply=page_of(GradeOut))
def list_grades(merchant_id: UUID, query: Window, **_: object) -> Page[Grade]:
    """The qualities that stock has."""
    return places.page(Grade, merchant_id, query)


@endpoint(places_of_stock, "POST", "/grades", needs="products.edit", body=NewGradeIn, reply=GradeOut, status=201)
def add_grade(merchant_id: UUID, body: NewPlace, **_: object) -> Grade:
    """Add a grade."""
    return places.add(Grade, merchant_id, body.name, body.rank)


@endpoint(
    places_of_stock, "PATCH", "/grades/<uuid:grade_id>", needs="products.edit", body=GradeChangesIn, reply=GradeOut
)
def change_grade(merchant_id: UUID, grade_id: UUID, body: Mapping[str, Any], **_: object) -> Grade:
    """Change a grade's name or rank."""
    return places.change(Grade, merchant_id, grade_id, body)
