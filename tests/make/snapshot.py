"""Everything that a merchant's orders and stock consist of, to compare before and after; and whether the sums agree."""

from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text

from merchant_api.core.db import session
from merchant_api.stock.sessions.promote import TOLD_AT_ONCE

TABLES = (
    "orders",
    "order_lines",
    "registrations",
    "order_history",
    "payments",
    "returns",
    "refunds",
    "disputes",
    "registrations",
    "holds",
    "cells",
    "ledger",
    "events",
    "customers",
    "idempotency_keys",
    "carts",
    "cart_lines",
)
_DIFFERENCES = text(
    """
    SELECT cells.product_id, cells.location_id, cells.grade_id, cells.on_hand, cells.held, cells.used, cells.seq,
        coalesce(sums.on_hand, 0), coalesce(sums.held, 0), coalesce(sums.used, 0), coalesce(sums.seq, 0),
        coalesce(promised.held, 0), coalesce(promised.used, 0)
    FROM cells
    LEFT JOIN (
        SELECT product_id, location_id, grade_id, sum(on_hand_change) AS on_hand, sum(held_change) AS held,
            sum(used_change) AS used, max(seq) AS seq, count(*) AS rows
        FROM ledger WHERE merchant_id = :merchant_id GROUP BY product_id, location_id, grade_id
    ) AS sums USING (product_id, location_id, grade_id)
    LEFT JOIN (
        SELECT product_id, location_id, grade_id, sum(quantity - back) FILTER (WHERE state = 'open') AS held,
            sum(quantity - back) FILTER (WHERE state = 'settled') AS used
        FROM holds WHERE merchant_id = :merchant_id GROUP BY product_id, location_id, grade_id
    ) AS promised USING (product_id, location_id, grade_id)
    WHERE cells.merchant_id = :merchant_id AND (
        cells.on_hand <> coalesce(sums.on_hand, 0) OR cells.held <> coalesce(sums.held, 0)
        OR cells.used <> coalesce(sums.used, 0) OR cells.seq <> coalesce(sums.seq, 0)
        OR cells.seq <> coalesce(sums.rows, 0)
        OR cells.held <> coalesce(promised.held, 0) OR cells.used <> coalesce(promised.used, 0))
    """
)
_LAST_ROWS = text(
    """
    SELECT cells.product_id, cells.seq FROM cells LEFT JOIN ledger USING (
        merchant_id, product_id, location_id, grade_id, seq)
    WHERE cells.merchant_id = :merchant_id AND cells.seq > 0
        AND (cells.on_hand, cells.held, cells.used) IS DISTINCT FROM (ledger.on_hand, ledger.held, ledger.used)
    """
)
_HISTORIES = text(
    """
    SELECT orders.id, orders.state, orders.seq FROM orders LEFT JOIN order_history AS last
        ON last.merchant_id = orders.merchant_id AND last.order_id = orders.id AND last.seq = orders.seq
    WHERE orders.merchant_id = :merchant_id AND (last.state IS DISTINCT FROM orders.state OR orders.seq <> (
        SELECT count(*) FROM order_history AS rows
        WHERE rows.merchant_id = orders.merchant_id AND rows.order_id = orders.id))
    """
)


_SEATS = text(
    """
    SELECT order_id, product_id, standing.order_id IS NULL AS is_missing FROM (
        SELECT orders.id AS order_id, product_id, customer_id AS person_id FROM orders JOIN order_lines AS lines
            ON lines.merchant_id = orders.merchant_id AND lines.order_id = orders.id
        WHERE orders.merchant_id = :merchant_id AND orders.state NOT IN ('declined', 'expired', 'cancelled')
            AND lines.guests IS NOT NULL AND lines.cancelled < lines.quantity
    ) AS wanted FULL JOIN (SELECT * FROM registrations WHERE merchant_id = :merchant_id) AS standing
        USING (order_id, product_id, person_id)
    WHERE wanted.order_id IS NULL OR standing.order_id IS NULL
    """
)
_TOLD = text(  # rows that one transaction wrote have one xmin
    """
    SELECT coalesce(moved.by, told.by), moved.product_ids, told.product_ids, told.rows FROM (
        SELECT by, jsonb_agg(product_id ORDER BY product_id) AS product_ids FROM (
            SELECT DISTINCT CAST(xmin AS text) AS by, product_id FROM ledger WHERE merchant_id = :merchant_id
            GROUP BY CAST(xmin AS text), product_id, location_id HAVING sum(on_hand_change - held_change) <> 0
        ) AS more GROUP BY by
    ) AS moved FULL JOIN (
        SELECT CAST(events.xmin AS text) AS by, count(DISTINCT id) AS rows,
            jsonb_agg(CAST(product_id AS uuid) ORDER BY CAST(product_id AS uuid)) AS product_ids
        FROM events, jsonb_array_elements_text(payload -> 'product_ids') AS product_id
        WHERE merchant_id = :merchant_id AND type = 'stock.changed' GROUP BY CAST(events.xmin AS text)
    ) AS told USING (by)
    WHERE moved.product_ids IS DISTINCT FROM told.product_ids
        OR told.rows > 1 + jsonb_array_length(told.product_ids) / :at_once
    """
).bindparams(at_once=TOLD_AT_ONCE)  # only a close may tell in parts


def everything(merchant_id: UUID) -> dict[str, list[Any]]:
    """Every row of the merchant's orders and stock, as JSON, sorted."""
    session().rollback()
    found = {}
    for table in TABLES:
        rows = text(f"SELECT to_jsonb(t) FROM {table} AS t WHERE merchant_id = :merchant_id ORDER BY to_jsonb(t)")
        found[table] = list(session().execute(rows, {"merchant_id": merchant_id}).scalars())
    session().rollback()
    return found


def check_stock(merchant_id: UUID) -> None:
    """Ledger = cells = holds, each order's state is what its history says last, and who is registered has an order."""
    _check(merchant_id, _DIFFERENCES, _LAST_ROWS, _HISTORIES, _SEATS)


def check_books(merchant_id: UUID) -> None:
    """The same, and each transaction told once of exactly those products of which others can buy more or fewer now.

    Only where nothing was gathered yet: who gathers what was told writes its row anew.
    """
    check_stock(merchant_id)
    _check(merchant_id, _TOLD)


def _check(merchant_id: UUID, *questions: TextClause) -> None:
    session().rollback()
    for question in questions:
        assert session().execute(question, {"merchant_id": merchant_id}).all() == []
    session().rollback()
