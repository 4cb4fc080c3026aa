"""Levels that were skipped are found by their listing, to show it as what it is."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_levels_skipped",
        "levels",
        ["merchant_id", "channel_id", "product_id"],
        unique=False,
        postgresql_where=sa.text("state = 'skipped'"),
    )


def downgrade() -> None:
    op.drop_index("ix_levels_skipped", "levels", postgresql_where=sa.text("state = 'skipped'"))
