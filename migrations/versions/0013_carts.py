"""Carts and their lines, and how long a merchant keeps them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OPEN = "order_id IS NULL"


def upgrade() -> None:
    op.add_column("merchants", sa.Column("cart_ttl_s", sa.Integer(), server_default="604800", nullable=False))
    op.create_check_constraint(op.f("ck_merchants_cart_ttl"), "merchants", "cart_ttl_s BETWEEN 60 AND 7776000")
    _create_carts()
    _create_cart_lines()


def _create_carts() -> None:
    op.create_table(
        "carts",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_carts_merchant_id")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"],
            ["orders.merchant_id", "orders.id"],
            name=op.f("fk_carts_merchant_id_order_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_carts")),
    )
    op.create_index("uq_carts_open", "carts", ["merchant_id", "person_id"], unique=True, postgresql_where=sa.text(OPEN))
    op.create_index("ix_carts_open", "carts", ["merchant_id", "expires_at"], postgresql_where=sa.text(OPEN))
    op.create_index(
        "ix_carts_checked_out", "carts", ["merchant_id", "order_id"], postgresql_where=sa.text("order_id IS NOT NULL")
    )


def _create_cart_lines() -> None:
    op.create_table(
        "cart_lines",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("grade_id", sa.Uuid(), nullable=True),
        sa.Column("guests", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 1000000", name=op.f("ck_cart_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "cart_id"],
            ["carts.merchant_id", "carts.id"],
            name=op.f("fk_cart_lines_merchant_id_cart_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "product_id"],
            ["products.merchant_id", "products.id"],
            name=op.f("fk_cart_lines_merchant_id_product_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "cart_id", "product_id", name=op.f("pk_cart_lines")),
    )


def downgrade() -> None:
    op.drop_table("cart_lines")
    op.drop_table("carts")
    op.drop_constraint(op.f("ck_merchants_cart_ttl"), "merchants", type_="check")
    op.drop_column("merchants", "cart_ttl_s")
