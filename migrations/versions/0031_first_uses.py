"""Access tokens that came of a refresh say when they were used first; those that are there are not watched."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("access_tokens", sa.Column("watched_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("access_tokens", sa.Column("used_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("access_tokens", "used_at")
    op.drop_column("access_tokens", "watched_until")
