"""Indexes for the availability log: a product's rows and a person's rows, by id."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_ledger_merchant_id_product_id_id", "ledger", ["merchant_id", "product_id", "id"])
    for table in ("ledger", "counts"):
        op.create_index(f"ix_{table}_actor", table, ["merchant_id", sa.text("(actor ->> 'id')"), "id"])


def downgrade() -> None:
    for table in ("counts", "ledger"):
        op.drop_index(f"ix_{table}_actor", table_name=table)
    op.drop_index("ix_ledger_merchant_id_product_id_id", table_name="ledger")
