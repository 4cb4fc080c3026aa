"""The parts of the benchmark: that what they would measure is what they say."""

import os
import re

import psycopg
import pytest

from bench import history, sweep, world
from bench.capture import Statement, parameters_of
from bench.ceiling import Order, script_of
from bench.figures import Figure, percentile, table
from bench.load import order_requests
from bench.memory import memory_of

AGREES = """
SELECT count(*) FROM cells JOIN (
    SELECT merchant_id, product_id, sum(on_hand_change) AS on_hand, sum(held_change) AS held,
        sum(used_change) AS used, max(seq) AS seq, count(*) AS rows
    FROM ledger GROUP BY 1, 2) AS sums USING (merchant_id, product_id)
WHERE (cells.on_hand, cells.held, cells.used, cells.seq) <> (sums.on_hand, sums.held, sums.used, sums.seq)
    OR sums.rows <> sums.seq OR cells.held <> (
        SELECT coalesce(sum(quantity), 0) FROM holds WHERE holds.state = 'open'
            AND holds.merchant_id = cells.merchant_id AND holds.product_id = cells.product_id)
"""


@pytest.fixture
def dsn(clone, drop):
    url = clone()
    yield url.replace("+psycopg", "", 1)
    drop(url)


def one(dsn, statement):
    with psycopg.connect(dsn) as connection:
        return connection.execute(statement).fetchone()[0]


def test_the_world_with_its_past_has_a_ledger_that_explains_every_figure(dsn):
    world.seed(dsn)

    written = history.write(dsn, 2_500)

    assert written > 2_500 * 14
    assert one(dsn, "SELECT count(*) FROM orders") == 2_500
    assert one(dsn, AGREES) == 0


def test_the_overdue_requests_have_a_ledger_that_explains_every_figure(dsn):
    sweep.seed(dsn, merchants=3, requests=60)

    assert one(dsn, "SELECT count(*) FROM orders WHERE state = 'requested'") == 60
    assert one(dsn, "SELECT sum(held) FROM cells") == 12
    assert one(dsn, AGREES) == 0


def test_the_script_keeps_our_statement_and_varies_what_differs_from_order_to_order():
    order = Order(code="K7M2QX", key="key-1", product=3, customer=2)
    fresh = "019a0000-0000-7000-8000-00000000abcd"
    written = f'[{{"id":"{fresh}","code":"K7M2QX","note":"a: b","product_id":"{world.product_id(3)}"}}]'
    statement = Statement("INSERT INTO t SELECT $1::UUID, CAST($2 AS jsonb), $3", (world.MERCHANT, written, None))

    script = script_of([statement], order)

    assert "INSERT INTO t SELECT :c0::UUID, CAST(concat(" in script.text
    assert script.text.endswith(" AS jsonb), NULL;\n")
    assert re.findall(r"CAST\(:([a-z]\w+) AS text\)", script.text)[1::2] == ["id", "code", "product"]
    assert not any(fresh in value or "K7M2QX" in value for value in script.constants.values())


def test_balances_come_from_the_locked_read():
    order = Order(code="K7M2QX", key="key-1", product=3, customer=2)
    cells = '[{"on_hand": 9, "held": 1, "used": 0, "seq": 2, "read_seq": 1}]'
    read = Statement("SELECT seq FROM cells FOR NO KEY UPDATE", ())

    script = script_of([read, Statement("UPDATE cells ... $1", (cells,))], order)

    assert "\\gset r_\n" in script.text
    assert "\\set after_held :r_held + 1\n" in script.text
    assert all(f"CAST(:{name} AS text)" in script.text for name in ("after_on_hand", "after_seq", "r_seq"))


def test_parameters_are_read_from_the_servers_log_with_their_quotes():
    assert parameters_of("Parameters: $1 = 'it''s, $2 = x', $2 = NULL, $3 = ''") == ("it's, $2 = x", None, "")


def test_the_hot_product_is_the_only_one_ordered_when_it_is_asked_for():
    request = order_requests("run", hot=True)

    bodies = {request(number).partition(b"\r\n\r\n")[2] for number in range(20)}

    assert len(bodies) == 1
    assert request(1) != request(2)  # another key


def test_the_table_says_what_was_missed():
    figures = [Figure("a", "1", "of x", "at least 2", False), Figure("b", "3", "of y", "at least 2", True)]

    lines = table(figures).splitlines()

    assert "MISSED" in lines[2]
    assert "MISSED" not in lines[3]
    assert percentile(range(100), 0.99) == 99


def test_the_memory_of_a_process_is_read_in_megabytes():
    rss, pss = memory_of(os.getpid())

    assert 10 < pss <= rss < 4_000
