"""The migration that made sentences of verdicts carries every row over, there and back."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from merchant_api.core import migrate
from merchant_api.core.sentences.sentence import Sentence

WRITTEN: dict[str, Sentence] = {
    "5 wanted, 2 available": Sentence("verdict.stock", {"wanted": 5, "available": 2}),
    "1000000 wanted, 0 available": Sentence("verdict.stock", {"wanted": 1_000_000, "available": 0}),
    "5 wanted, 2 available: 3 on backorder": Sentence(
        "verdict.backorder", {"wanted": 5, "available": 2, "backordered": 3}
    ),
    "not tracked: always available": Sentence("verdict.not_tracked", {}),
    '5 wanted, 2 available: "ask" {Sita}': Sentence("text", {"text": '5 wanted, 2 available: "ask" {Sita}'}),
    "99999999999999999999 wanted, 2 available": Sentence("text", {"text": "99999999999999999999 wanted, 2 available"}),
    "05 wanted, 2 available": Sentence("text", {"text": "05 wanted, 2 available"}),
    "": Sentence("text", {"text": ""}),
}
# Only the lines: what they point at is nothing to the migration.
LINE = """
    INSERT INTO order_lines (merchant_id, order_id, line, product_id, sku, name, quantity, unit_price, fulfilment,
        is_tracked, verdict, verdict_reason, promised)
    VALUES (gen_random_uuid(), gen_random_uuid(), 0, gen_random_uuid(), 'MUG', 'Mug', 1, 1, 'none', true, 'covered',
        :reason, 0)
"""


@pytest.fixture
def before(clone: Callable[[], str], drop: Callable[[str], None]) -> Iterator[str]:
    """A database as it was before, with a line for each way in which a verdict was written."""
    url = clone()
    migrate.downgrade(url, "0018")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for reason in WRITTEN:
            connection.execute(text(LINE), {"reason": reason})
    engine.dispose()
    yield url
    drop(url)


def rows(url: str, columns: str) -> list[Any]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = list(connection.execute(text(f"SELECT {columns} FROM order_lines")))
    engine.dispose()
    return found


def test_every_verdict_becomes_a_sentence_that_says_the_same(before: str) -> None:
    migrate.upgrade(before)

    carried = [Sentence(row.verdict_code, row.verdict_figures) for row in rows(before, "verdict_code, verdict_figures")]

    assert {str(sentence): sentence for sentence in carried} == WRITTEN


def test_and_goes_back_into_words(before: str) -> None:
    migrate.upgrade(before)

    migrate.downgrade(before, "0018")

    assert {row.verdict_reason for row in rows(before, "verdict_reason")} == set(WRITTEN)
