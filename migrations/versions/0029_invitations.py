"""Invitations: who is asked to work for a merchant, until the answer."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    role = sa.Enum("owner", "clerk", name="role", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "invitations",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("role", role, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(login IS NULL) <> (person_id IS NULL)", name=op.f("ck_invitations_names_one")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_invitations_merchant_id")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "person_id"],
            ["customers.merchant_id", "customers.person_id"],
            name=op.f("fk_invitations_merchant_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("merchant_id", "login", name=op.f("uq_invitations_merchant_id_login")),
        sa.UniqueConstraint("merchant_id", "person_id", name=op.f("uq_invitations_merchant_id_person_id")),
    )
    for columns in (["login"], ["person_id"], ["merchant_id", "expires_at"]):
        op.create_index(op.f(f"ix_invitations_{'_'.join(columns)}"), "invitations", columns)


def downgrade() -> None:
    op.drop_table("invitations")
