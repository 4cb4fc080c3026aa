"""Shapes of counting sheets and of what became of a file of counts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields

from merchant_api.core.paging import Window
from merchant_api.core.schema import ActorOut, In, InstantOut, Name, Out, PlaceName, Text
from merchant_api.stock.sessions.csv_header import CountFileWish
from merchant_api.stock.sessions.schemas import CellPageIn, PlacedOut
from merchant_api.stock.sessions.sheet import SheetWanted


class YesOrNo(fields.Boolean):
    """true or false in a query, and no other spelling of it."""

    def __init__(self, said: str = "") -> None:
        metadata = {"description": said} if said else {}
        super().__init__(load_default=None, truthy={"true"}, falsy={"false"}, metadata=metadata)


@dataclass(frozen=True, slots=True)
class SheetFilter:
    """A counting sheet as it is asked for."""

    category: str | None
    location: str | None
    grade: str | None
    counted: bool | None
    show_expected: bool | None

    @property
    def wanted(self) -> SheetWanted:
        """Which cells that means."""
        return SheetWanted(self.category, self.location, self.grade, self.counted, bool(self.show_expected))


@dataclass(frozen=True, slots=True)
class SheetPage(SheetFilter):
    """A page of one."""

    at: Window


@dataclass(frozen=True, slots=True)
class CountedList:
    """A page of what is counted as it is asked for."""

    at: Window
    category: str | None


class SheetFileIn(In):
    """Which cells are wanted; `show_expected` also shows what the books say, which blind counting does not."""

    makes: ClassVar[Callable[..., Any]] = SheetFilter

    category = Name(80, load_default=None)
    location = PlaceName(load_default=None)
    grade = PlaceName(load_default=None)
    counted = YesOrNo()
    show_expected = YesOrNo()


class SheetIn(SheetFileIn, CellPageIn):
    """The same, page by page."""

    makes = SheetPage


class CountedListIn(CellPageIn):
    """What is counted in a session, of one category where it is named."""

    makes = CountedList

    category = Name(80, load_default=None)


class ColumnName(Text):
    """What the header calls a column of this field, where it is not known by its name."""

    def __init__(self, field: str, least: int = 0) -> None:
        said = f"The name of the column that is read as {field}" + ("." if least else "; empty: none is.")
        super().__init__(200, least, data_key=f"column.{field}", metadata={"description": said})


def _wish(ignore_unknown: bool | None, **columns: str) -> CountFileWish:
    return CountFileWish(columns, bool(ignore_unknown))


class ImportIn(In):
    """How a file of counts is read."""

    makes: ClassVar[Callable[..., Any]] = staticmethod(_wish)

    ignore_unknown = YesOrNo("Leave out columns and products that are unknown, and products that are not tracked.")
    sku = ColumnName("sku", least=1)
    quantity = ColumnName("quantity", least=1)
    location = ColumnName("location")
    grade = ColumnName("grade")
    comment = ColumnName("comment")


class FoundOut(Out):
    """What is counted of a cell: units, by whom, and when."""

    quantity = fields.Integer(required=True)
    by = fields.Nested(ActorOut, required=True)
    at = InstantOut(required=True)


class SheetCellOut(PlacedOut):
    """A cell to be counted; `on_shelf` is on_hand and what was not picked up yet. Both are null unless asked for."""

    sku = fields.String(required=True, attribute="row.sku")
    name = fields.String(required=True, attribute="row.name")
    category = fields.String(required=True, allow_none=True, attribute="row.category")
    counted = fields.Nested(FoundOut, required=True, allow_none=True)
    on_hand = fields.Integer(required=True, allow_none=True, attribute="row.on_hand")
    on_shelf = fields.Integer(required=True, allow_none=True, attribute="row.on_shelf")


class CountedLineOut(Out):
    """What became of a line of the file: counted, or skipped for it names no quantity (`count_id` is null)."""

    line = fields.Integer(required=True, attribute="line.line")
    sku = fields.String(required=True, attribute="line.sku")
    location = fields.String(required=True, attribute="line.location")
    grade = fields.String(required=True, attribute="line.grade")
    quantity = fields.Integer(required=True, allow_none=True, attribute="line.quantity")
    comment = fields.String(required=True, allow_none=True, attribute="line.comment")
    count_id = fields.UUID(required=True, allow_none=True)


class LeftOutLineOut(Out):
    """A line that was left out, and what of it is unknown here."""

    line = fields.Integer(required=True)
    sku = fields.String(required=True)
    why = fields.String(required=True)


class ImportedOut(Out):
    """What became of a file: lines besides the header and blank ones, and how many were counted; others are skipped.

    Where a file has columns for several locations, a line is one for each. `columns` names what was read, by field.
    """

    session_id = fields.UUID(required=True)
    read_as = fields.String(required=True, metadata={"description": "UTF-8, UTF-16, Windows-1252 or xlsx."})
    columns = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True)
    rows = fields.Integer(required=True)
    counted = fields.Integer(required=True)
    lines = fields.List(fields.Nested(CountedLineOut), required=True)
    left_out = fields.List(fields.Nested(LeftOutLineOut), required=True)
    left_out_columns = fields.List(fields.String(), required=True)
