"""Rows written many at a time inside one statement: each table's rows travel as one JSON array.

The SQL is made from the tables' own definitions, once; every part names its merchant by a parameter. Columns are
listed, so that a column which a newer version added keeps its default. Short statements are worth something: the
driver keeps what it parsed of those below 4,096 characters.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table


def insert_part(table: Table, name: str, on_conflict: str = "", without: Collection[str] = ()) -> str:
    """`name AS (INSERT ...)` for a WITH clause; takes the parameters `merchant_id` and `name`.

    Columns `without` a value get their default.
    """
    columns = ", ".join(column for column in columns_of(table) if column not in without)
    return (
        f"{name} AS (INSERT INTO {table.name} ({columns}) SELECT {columns} "  # noqa: S608 - names of our own tables
        f"FROM {_records(table, name)} WHERE new.merchant_id = :merchant_id{on_conflict} RETURNING 1)"
    )


def update_part(table: Table, name: str, key: str, columns: Iterable[str]) -> str:
    """`name AS (UPDATE ...)` setting `columns` of the rows that `key` finds within the merchant."""
    settings = ", ".join(f"{column} = new.{column}" for column in columns)
    return (
        f"{name} AS (UPDATE {table.name} SET {settings} FROM {_records(table, name)} "  # noqa: S608 - our own tables
        f"WHERE {table.name}.merchant_id = :merchant_id AND {table.name}.{key} = new.{key} RETURNING 1)"
    )


def _records(table: Table, name: str) -> str:
    return f"jsonb_populate_recordset(NULL::{table.name}, CAST(:{name} AS jsonb)) AS new"


def columns_of(table: Table) -> list[str]:
    """The names of a table's columns, in order."""
    return [column.key for column in table.columns]


def array(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as the JSON array that a part takes."""
    return json.dumps(list(rows), default=_plain, ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    raise TypeError(type(value).__name__)
