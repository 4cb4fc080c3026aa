"""A SKU, and the name of a place or category, is one in any case, Unicode form and blanks.

Rows that are there already and share a key keep their spelling: the oldest has twin 0, as every later row has, and the
others count up from 1.
"""

import json
from collections import Counter

import sqlalchemy as sa
from alembic import op

from merchant_api.core.names import key

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

NAMED = {"products": "sku", "categories": "name", "locations": "name", "grades": "name"}
BATCH = 5_000


def upgrade() -> None:
    for table, name in NAMED.items():
        op.add_column(table, sa.Column(f"{name}_key", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("twin", sa.Integer(), server_default="0", nullable=False))
        for (merchant_id,) in op.get_bind().execute(sa.text("SELECT id FROM merchants")).all():
            _fill(table, name, merchant_id)
        op.create_unique_constraint(
            op.f(f"uq_{table}_merchant_id_{name}_key_twin"), table, ["merchant_id", f"{name}_key", "twin"]
        )


def _fill(table: str, name: str, merchant_id: object) -> None:
    of_merchant = {"merchant_id": merchant_id}
    read = sa.text(f"SELECT id, {name} AS name FROM {table} WHERE merchant_id = :merchant_id ORDER BY id")  # noqa: S608
    write = sa.text(
        f"UPDATE {table} SET {name}_key = new.key, twin = new.twin "  # noqa: S608 - names of our own tables
        "FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(id uuid, key text, twin integer) "
        f"WHERE {table}.merchant_id = :merchant_id AND {table}.id = new.id"
    )
    seen: Counter[str] = Counter()
    rows = []
    for row in op.get_bind().execute(read, of_merchant).all():
        rows.append({"id": str(row.id), "key": key(row.name), "twin": seen[key(row.name)]})
        seen[key(row.name)] += 1
    for at in range(0, len(rows), BATCH):
        op.get_bind().execute(write, of_merchant | {"rows": json.dumps(rows[at : at + BATCH])})


def downgrade() -> None:
    for table, name in NAMED.items():
        op.drop_column(table, "twin")
        op.drop_column(table, f"{name}_key")
