"""Networks where somebody signed in lately, which go on while others guess elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_networks",
        sa.Column("pair_hash", sa.LargeBinary(), nullable=False),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("pair_hash", name=op.f("pk_known_networks")),
    )
    op.create_index(op.f("ix_known_networks_succeeded_at"), "known_networks", ["succeeded_at"])


def downgrade() -> None:
    op.drop_table("known_networks")
