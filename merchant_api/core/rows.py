"""Rows written many at a time inside one statement: each table's rows travel as one JSON array.

The SQL is made from the tables' own definitions, once; every part names its merchant by a parameter.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # not typed by SQLAlchemy


def insert_part(table: Table, name: str, on_conflict: str = "") -> str:
    """`name AS (INSERT ...)` for a WITH clause; takes the parameters `merchant_id` and `name`."""
    columns = ", ".join(columns_of(table))
    values = ", ".join("CAST(:merchant_id AS uuid)" if key == "merchant_id" else key for key in columns_of(table))
    return (
        f"{name} AS (INSERT INTO {table.name} ({columns}) SELECT {values} "  # noqa: S608 - names of our own tables
        f"FROM jsonb_to_recordset(CAST(:{name} AS jsonb)) AS new({_types(table.columns)}){on_conflict} RETURNING 1)"
    )


def update_part(table: Table, name: str, key: str, columns: Iterable[str]) -> str:
    """`name AS (UPDATE ...)` setting `columns` of the rows that `key` finds within the merchant."""
    changed = list(columns)
    settings = ", ".join(f"{column} = new.{column}" for column in changed)
    types = _types([table.columns[key], *(table.columns[column] for column in changed)])
    return (
        f"{name} AS (UPDATE {table.name} SET {settings} "  # noqa: S608 - names of our own tables
        f"FROM jsonb_to_recordset(CAST(:{name} AS jsonb)) AS new({types}) "
        f"WHERE {table.name}.merchant_id = :merchant_id AND {table.name}.{key} = new.{key} RETURNING 1)"
    )


def columns_of(table: Table) -> list[str]:
    """The names of a table's columns, in order."""
    return [column.key for column in table.columns]


def _types(columns: Iterable[Column[Any]]) -> str:
    return ", ".join(
        f"{column.key} {column.type.compile(dialect=_DIALECT)}" for column in columns if column.key != "merchant_id"
    )


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
