"""Row-level security of a table: what a migration that makes a table with `merchant_id` calls after it.

The policies know nothing but `merchant_id` and the setting `orderbell.merchant` of the transaction (`core/tenancy.py`).
An id lets through that merchant's rows; `across` lets all be read; without either every statement on rows fails, as
the setting was never made (42704) or is empty (22P02). FORCE holds the owner of the table to it too: a migration that
moves rows of every merchant does so `within` `unforced()`.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

_MERCHANT = "current_setting('orderbell.merchant')"
THEIRS = f"merchant_id = {_MERCHANT}::uuid"
# By a subselect: asked once a statement, not once a row. Across, each row's merchant is compared with itself.
SEEN = f"merchant_id = coalesce((SELECT nullif({_MERCHANT}, 'across')::uuid), merchant_id)"


def guard(op: Any, table: str, *, is_claimed: bool = False) -> None:
    """Nobody touches rows of this table but those of the merchant whom the transaction names; reading across is stated.

    Rows that jobs claim of many merchants in one statement (`is_claimed`) may be changed across, but not deleted.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    written = SEEN if is_claimed else THEIRS
    op.execute(f"CREATE POLICY of_merchant ON {table} USING ({SEEN}) WITH CHECK ({written})")
    op.execute(f"CREATE POLICY deleted_by_merchant ON {table} AS RESTRICTIVE FOR DELETE USING ({THEIRS})")


def unguard(op: Any, table: str) -> None:
    """Take it back."""
    op.execute(f"DROP POLICY deleted_by_merchant ON {table}")
    op.execute(f"DROP POLICY of_merchant ON {table}")
    op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")


@contextlib.contextmanager
def unforced(op: Any, *tables: str) -> Iterator[None]:
    """In between their owner sees and moves the rows of every merchant; everybody else waits for the tables' lock."""
    for table in tables:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    yield
    for table in tables:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
