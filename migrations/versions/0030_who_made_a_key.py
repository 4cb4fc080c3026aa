"""API keys say who made them, and whether they are bound to her; of those that are there nobody knows it."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("made_by", sa.Uuid(), nullable=True))
    op.add_column("api_keys", sa.Column("is_bound", sa.Boolean(), server_default=sa.false(), nullable=False))
    bound = "made_by IS NOT NULL OR NOT is_bound"
    op.create_check_constraint(op.f("ck_api_keys_bound_to_somebody"), "api_keys", bound)


def downgrade() -> None:
    op.drop_constraint(op.f("ck_api_keys_bound_to_somebody"), "api_keys", type_="check")
    op.drop_column("api_keys", "is_bound")
    op.drop_column("api_keys", "made_by")
