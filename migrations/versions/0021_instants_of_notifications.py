"""A notification carries the data that a push does, so that an app can tell its instants by its reader's clock."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    data = sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False)
    op.add_column("notifications", data)
    op.alter_column("notifications", "data", server_default=None)


def downgrade() -> None:
    op.drop_column("notifications", "data")
