"""What rings goes before what only tells, and each merchant's deliveries stand in a line, the oldest first."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

RINGS = """
UPDATE deliveries SET is_urgent = true WHERE state = 'pending' AND audience = 'merchant'
    AND event_type IN ('order.requested', 'order.cancel_requested', 'order.withdrawn')
"""


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("is_urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(RINGS)
    op.create_index(
        "ix_deliveries_in_line",
        "deliveries",
        ["merchant_id", "medium", "audience", sa.text("is_urgent DESC"), "id"],
        postgresql_where=sa.text("state = 'pending'"),
    )


def downgrade() -> None:
    op.drop_index("ix_deliveries_in_line", table_name="deliveries")
    op.drop_column("deliveries", "is_urgent")
