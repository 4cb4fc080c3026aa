"""Web shops: what they sold, and work with them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.guard import guard

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

TABLES = ("sales", "channel_rounds", "channel_runs")


def upgrade() -> None:
    _sales()
    _work()
    for table in TABLES:
        guard(op, table, is_claimed=table != "sales")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _sales() -> None:
    op.create_table(
        "sales",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("taken", "parked", "ignored", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("seen", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("applied", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_open", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state <> 'parked' OR why IS NOT NULL", name=op.f("ck_sales_says_why_it_is_parked")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "channel_id"],
            ["channels.merchant_id", "channels.id"],
            name=op.f("fk_sales_merchant_id_channel_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_sales")),
        sa.UniqueConstraint(
            "merchant_id", "channel_id", "external_id", name=op.f("uq_sales_merchant_id_channel_id_external_id")
        ),
    )
    op.create_index(
        "ix_sales_open",
        "sales",
        ["merchant_id", "channel_id", "read_at"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_sales_parked",
        "sales",
        ["merchant_id", "channel_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'parked'"),
    )


def _work() -> None:
    op.create_table(
        "channel_rounds",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("poll", "look", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("mark", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("hints", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("read_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["merchant_id", "channel_id"],
            ["channels.merchant_id", "channels.id"],
            name=op.f("fk_channel_rounds_merchant_id_channel_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_channel_rounds")),
        sa.UniqueConstraint(
            "merchant_id", "channel_id", "kind", name=op.f("uq_channel_rounds_merchant_id_channel_id_kind")
        ),
    )
    op.create_index(
        "ix_channel_rounds_due",
        "channel_rounds",
        ["merchant_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("is_on"),
    )
    op.create_table(
        "channel_runs",
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("push", "pull", "import", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "done",
                "stopped",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=True),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("started_by", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'pending') = (ended_at IS NULL)", name=op.f("ck_channel_runs_ends_when_it_runs_no_more")
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "channel_id"],
            ["channels.merchant_id", "channels.id"],
            name=op.f("fk_channel_runs_merchant_id_channel_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_channel_runs")),
    )
    op.create_index(
        "ix_channel_runs_due",
        "channel_runs",
        ["merchant_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "uq_channel_runs_running",
        "channel_runs",
        ["merchant_id", "channel_id"],
        unique=True,
        postgresql_where=sa.text("state = 'pending'"),
    )
