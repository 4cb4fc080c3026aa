"""A hold knows whether a person chose its cell, and when to look whether its units lie elsewhere.

Holds that were placed by hand before do not know it: they stay where their units are, and move where they lack them.
What is owed in one place while it lies in another is looked at once the new code runs.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OPEN = "state = 'open' AND move_at IS NOT NULL"


def upgrade() -> None:
    op.add_column("holds", sa.Column("is_by_hand", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("holds", sa.Column("move_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_holds_move", "holds", ["merchant_id", "move_at"], postgresql_where=sa.text(OPEN))
    op.execute(
        "UPDATE holds SET move_at = now() FROM cells WHERE holds.state = 'open' AND cells.held > cells.on_hand "
        "AND cells.merchant_id = holds.merchant_id AND cells.product_id = holds.product_id "
        "AND cells.location_id = holds.location_id AND cells.grade_id = holds.grade_id"
    )


def downgrade() -> None:
    op.drop_index("ix_holds_move", "holds")
    op.drop_column("holds", "move_at")
    op.drop_column("holds", "is_by_hand")
