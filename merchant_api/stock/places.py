"""Locations and grades by name, and the cells between them.

A cell is made where it does not exist and then locked like any other, so that two who make it at once both find it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row, select, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.ids import new_id
from merchant_api.core.named import NOWHERE, candidates, only
from merchant_api.core.names import key
from merchant_api.core.paging import Page, Window, oldest_first
from merchant_api.stock.errors import DefaultPlace, NameTaken, NoSuchPlace
from merchant_api.stock.ledger import CellKey
from merchant_api.stock.models import Cell, Grade, Location

P = TypeVar("P", Location, Grade)
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Place:
    """A location and a grade, by name."""

    location: str = DEFAULT
    grade: str = DEFAULT


def key_of(merchant_id: UUID, product_id: UUID, place: Place) -> CellKey:
    """The key of the product's cell at a place, whether the cell exists or not; raises NoSuchPlace, AmbiguousName."""
    location = select(Location.id).where(Location.merchant_id == merchant_id, Location.name == place.location)
    grade = select(Grade.id).where(Grade.merchant_id == merchant_id, Grade.name == place.grade)
    spelt = session().execute(select(location.scalar_subquery(), grade.scalar_subquery())).one()
    known: dict[str, UUID | None] = {"location": spelt[0], "grade": spelt[1]}
    if known["location"] is None:
        known["location"] = ids(Location, merchant_id, [place.location]).get(place.location)
    if known["grade"] is None:
        known["grade"] = ids(Grade, merchant_id, [place.grade]).get(place.grade)
    location_id, grade_id = known["location"], known["grade"]
    if location_id is None or grade_id is None:
        raise NoSuchPlace(errors={name: ["There is none of that name."] for name in known if known[name] is None})
    return (product_id, location_id, grade_id)


def names(merchant_id: UUID) -> dict[UUID, str]:
    """The names of the merchant's locations and grades, by id."""
    locations = select(Location.id, Location.name).where(Location.merchant_id == merchant_id)
    grades = select(Grade.id, Grade.name).where(Grade.merchant_id == merchant_id)
    return {row[0]: row[1] for row in session().execute(union_all(locations, grades))}


def found(table: type[P], merchant_id: UUID, wanted: Iterable[str]) -> dict[str, Row[Any]]:
    """The `id` and `name` of the locations or grades that names mean, as `ids`."""
    return only(meant(table, merchant_id, wanted))


def meant(table: type[P], merchant_id: UUID, wanted: Iterable[str]) -> dict[str, list[Row[Any]]]:
    """The `id` and `name` of all locations or grades that each name may mean; one that there is not is left out."""
    return candidates(table.name, table.name_key, merchant_id, wanted, table.id)


def ids(table: type[P], merchant_id: UUID, wanted: Iterable[str]) -> dict[str, UUID]:
    """The ids of the locations or grades that names mean; a name that there is not is left out. AmbiguousName."""
    return {name: row.id for name, row in found(table, merchant_id, wanted).items()}


def sought(merchant_id: UUID, location: str | None, grade: str | None) -> dict[str, UUID]:
    """What a list is narrowed to, by its columns: NOWHERE for a name that there is not. Raises AmbiguousName."""
    place: dict[str, UUID] = {}
    if location is not None:
        place["location_id"] = ids(Location, merchant_id, [location]).get(location, NOWHERE)
    if grade is not None:
        place["grade_id"] = ids(Grade, merchant_id, [grade]).get(grade, NOWHERE)
    return place


def make_cells(merchant_id: UUID, keys: Iterable[CellKey]) -> None:
    """Make the cells that do not exist yet, empty; the products are the merchant's."""
    rows = [
        {
            "merchant_id": merchant_id,
            "product_id": product_id,
            "location_id": location_id,
            "grade_id": grade_id,
            "on_hand": 0,
            "held": 0,
            "used": 0,
            "seq": 0,
        }
        for product_id, location_id, grade_id in sorted(set(keys))
    ]
    session().execute(insert(Cell).values(rows).on_conflict_do_nothing())


def add(table: type[P], merchant_id: UUID, name: str, rank: int, **degrees: float | None) -> P:
    """Add a location or grade; lower ranks are preferred, degrees are a location's. Raises NameTaken."""
    _check_free(table, merchant_id, name)
    plain = {"merchant_id": merchant_id, "id": new_id(), "name": name, "rank": rank, "created_at": clock.now()}
    row = insert(table).values(plain | degrees)
    added = session().execute(row.on_conflict_do_nothing().returning(table)).scalar_one_or_none()
    if added is None:
        raise NameTaken
    return added


def change(table: type[P], merchant_id: UUID, place_id: UUID, given: Mapping[str, Any]) -> P:
    """Set the given ones of name, rank and degrees; raises NotFound, NameTaken, and DefaultPlace for its name."""
    wanted = select(table).where(table.merchant_id == merchant_id, table.id == place_id)
    locked = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    place = session().execute(locked).scalar_one_or_none()
    if place is None:
        raise NotFound
    if place.name == DEFAULT and given.get("name", DEFAULT) != DEFAULT:
        raise DefaultPlace
    name = given.get("name", place.name)
    if key(name) != place.name_key:
        _check_free(table, merchant_id, name)
    try:
        with session().begin_nested():
            place.rename(name)
            for column, value in given.items():
                setattr(place, column, value)
    except IntegrityError as error:
        raise NameTaken from error
    return place


def _check_free(table: type[P], merchant_id: UUID, name: str) -> None:
    if candidates(table.name, table.name_key, merchant_id, [name]):
        raise NameTaken


def page(table: type[P], merchant_id: UUID, at: Window) -> Page[P]:
    """The merchant's locations or grades, oldest first."""
    return oldest_first(select(table).where(table.merchant_id == merchant_id), table.id, at)
