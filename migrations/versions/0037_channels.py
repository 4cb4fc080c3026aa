"""Web shops: channels, what they list, and the levels that wait for them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.guard import guard

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TABLES = ("channels", "listings", "levels")


def upgrade() -> None:
    op.add_column("merchants", sa.Column("is_synchronised", sa.Boolean(), server_default=sa.true(), nullable=False))
    _channels()
    _levels()
    for table in TABLES:
        guard(op, table, is_claimed=table == "levels")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("merchants", "is_synchronised")


def _channels() -> None:
    op.create_table(
        "channels",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "woocommerce",
                "shopify",
                "vendure",
                "medusa",
                "webhook",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("sealed_credentials", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_event_secret", sa.LargeBinary(), nullable=True),
        sa.Column("is_synchronised", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum("new", "ready", "failing", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'failing') = (retry_at IS NOT NULL)", name=op.f("ck_channels_is_tried_again")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (sealed_credentials IS NOT NULL)",
            name=op.f("ck_channels_has_credentials_until_it_ends"),
        ),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_channels_merchant_id")),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_channels")),
    )
    op.create_index(
        "uq_channels_primary",
        "channels",
        ["merchant_id"],
        unique=True,
        postgresql_where=sa.text("is_primary AND ended_at IS NULL"),
    )
    op.create_table(
        "listings",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("shop_id", sa.Text(), nullable=False),
        sa.Column("shop_location", sa.Text(), nullable=True),
        sa.Column("is_paused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "fault",
            sa.Enum("gone", "refused", "ignored", name="fault", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("acknowledged", sa.Integer(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sold", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sold_then", sa.Integer(), server_default="0", nullable=False),
        sa.Column("shop_level", sa.Integer(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drift_ours", sa.Integer(), nullable=True),
        sa.Column("drift_theirs", sa.Integer(), nullable=True),
        sa.Column("drift_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(acknowledged IS NULL) = (acknowledged_at IS NULL)", name=op.f("ck_listings_acknowledged_at_an_instant")
        ),
        sa.CheckConstraint(
            "(drift_since IS NULL) = (drift_ours IS NULL) AND (drift_ours IS NULL) = (drift_theirs IS NULL)",
            name=op.f("ck_listings_drift"),
        ),
        sa.CheckConstraint("(shop_level IS NULL) = (read_at IS NULL)", name=op.f("ck_listings_read_at_an_instant")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "channel_id"],
            ["channels.merchant_id", "channels.id"],
            name=op.f("fk_listings_merchant_id_channel_id"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "product_id"],
            ["products.merchant_id", "products.id"],
            name=op.f("fk_listings_merchant_id_product_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "channel_id", "product_id", name=op.f("pk_listings")),
    )
    op.create_index(op.f("ix_listings_merchant_id_product_id"), "listings", ["merchant_id", "product_id"], unique=False)
    op.create_index(
        "uq_listings_item",
        "listings",
        ["merchant_id", "channel_id", "shop_id", "shop_location"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )


def _levels() -> None:
    op.create_table(
        "levels",
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("sent_version", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "pending", "held", "done", "skipped", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('pending', 'held')) = (ended_at IS NULL)", name=op.f("ck_levels_ends_when_it_waits_no_more")
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "channel_id"],
            ["channels.merchant_id", "channels.id"],
            name=op.f("fk_levels_merchant_id_channel_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_levels")),
    )
    op.create_index(
        "ix_levels_due",
        "levels",
        ["merchant_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_levels_ended",
        "levels",
        ["merchant_id", "channel_id", "ended_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    op.create_index(
        "ix_levels_in_line",
        "levels",
        ["merchant_id", "channel_id", sa.literal_column("(level > 0)"), "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "uq_levels_open",
        "levels",
        ["merchant_id", "channel_id", "product_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('pending', 'held')"),
    )
