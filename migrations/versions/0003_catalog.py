"""Products."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "products",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("merchandise", "registration", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft", "published", "archived", name="status", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "fulfilment",
            sa.Enum("courier", "none", name="fulfilment", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "when_short",
            sa.Enum(
                "ask", "backorder", "refuse", name="when_short", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("is_tracked", sa.Boolean(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("max_quantity", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "fulfilment <> 'courier' OR kind = 'merchandise'", name=op.f("ck_products_courier_is_merchandise")
        ),
        sa.CheckConstraint(
            "when_short <> 'backorder' OR kind = 'merchandise'", name=op.f("ck_products_backorder_is_merchandise")
        ),
        sa.CheckConstraint("max_quantity BETWEEN 0 AND 1000000", name=op.f("ck_products_max_quantity")),
        sa.CheckConstraint("price BETWEEN 0 AND 1000000000000000", name=op.f("ck_products_price")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_products_merchant_id")),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_products")),
        sa.UniqueConstraint("merchant_id", "sku", name=op.f("uq_products_merchant_id_sku")),
    )


def downgrade() -> None:
    op.drop_table("products")
