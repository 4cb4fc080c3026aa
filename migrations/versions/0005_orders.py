"""Orders, their lines, history and payments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "awaiting_payment",
                "confirmed",
                "picked_up",
                "delivered",
                "declined",
                "expired",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("customer_name", sa.Text(), nullable=False),
        sa.Column("placed_by", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "payment_terms",
            sa.Enum(
                "on_delivery",
                "after_acceptance",
                "prepaid",
                name="payment_terms",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("parked", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("deliver_to", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("respond_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pay_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sweep_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("answer_note", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pickup_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pickup_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state <> 'awaiting_payment' OR pay_by IS NOT NULL", name=op.f("ck_orders_payment_has_deadline")
        ),
        sa.CheckConstraint(
            "state <> 'requested' OR respond_by IS NOT NULL", name=op.f("ck_orders_request_has_deadline")
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "customer_id"],
            ["customers.merchant_id", "customers.person_id"],
            name=op.f("fk_orders_merchant_id_customer_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_orders")),
        sa.UniqueConstraint("merchant_id", "code", name=op.f("uq_orders_merchant_id_code")),
    )
    op.create_index(
        "ix_orders_awaiting_payment",
        "orders",
        ["merchant_id", "sweep_at"],
        unique=False,
        postgresql_where=sa.text("state = 'awaiting_payment'"),
    )
    op.create_index(
        op.f("ix_orders_merchant_id_customer_id_id"), "orders", ["merchant_id", "customer_id", "id"], unique=False
    )
    op.create_index(
        "ix_orders_pickup_due",
        "orders",
        ["merchant_id", "pickup_due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'confirmed' AND pickup_due_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_orders_customer_id_id"), "orders", ["customer_id", "id"], unique=False)
    op.create_index(
        "ix_orders_unpaid",
        "orders",
        ["merchant_id", "customer_id"],
        unique=False,
        postgresql_where=sa.text("state IN ('requested', 'awaiting_payment')"),
    )
    op.create_index(
        "ix_orders_requested",
        "orders",
        ["merchant_id", "respond_by"],
        unique=False,
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_table(
        "order_history",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "awaiting_payment",
                "confirmed",
                "picked_up",
                "delivered",
                "declined",
                "expired",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "step",
            sa.Enum(
                "place",
                "accept",
                "decline",
                "expire",
                "pay",
                "overdue",
                "cancel",
                "ask_pickup",
                "pickup",
                "deliver",
                "fail",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"],
            ["orders.merchant_id", "orders.id"],
            name=op.f("fk_order_history_merchant_id_order_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "order_id", "seq", name=op.f("pk_order_history")),
    )
    op.create_table(
        "order_lines",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column(
            "fulfilment",
            sa.Enum("courier", "none", name="fulfilment", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("is_tracked", sa.Boolean(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("grade_id", sa.Uuid(), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "covered",
                "ask",
                "backorder",
                "refuse",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("verdict_reason", sa.Text(), nullable=False),
        sa.Column("promised", sa.Integer(), nullable=False),
        sa.CheckConstraint("promised >= 0", name=op.f("ck_order_lines_promised")),
        sa.CheckConstraint("quantity BETWEEN 1 AND 1000000", name=op.f("ck_order_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"],
            ["orders.merchant_id", "orders.id"],
            name=op.f("fk_order_lines_merchant_id_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "product_id"],
            ["products.merchant_id", "products.id"],
            name=op.f("fk_order_lines_merchant_id_product_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "order_id", "line", name=op.f("pk_order_lines")),
    )
    op.create_table(
        "payments",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("counted", "parked", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("parked_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payments_amount")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"],
            ["orders.merchant_id", "orders.id"],
            name=op.f("fk_payments_merchant_id_order_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_payments")),
        sa.UniqueConstraint("merchant_id", "reference", name=op.f("uq_payments_merchant_id_reference")),
    )
    op.create_index(op.f("ix_payments_merchant_id_order_id"), "payments", ["merchant_id", "order_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_payments_merchant_id_order_id"), table_name="payments")
    op.drop_table("payments")
    op.drop_table("order_lines")
    op.drop_table("order_history")
    op.drop_index("ix_orders_requested", table_name="orders", postgresql_where=sa.text("state = 'requested'"))
    op.drop_index(
        "ix_orders_pickup_due",
        table_name="orders",
        postgresql_where=sa.text("state = 'confirmed' AND pickup_due_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_orders_merchant_id_customer_id_id"), table_name="orders")
    op.drop_index(
        "ix_orders_awaiting_payment", table_name="orders", postgresql_where=sa.text("state = 'awaiting_payment'")
    )
    op.drop_table("orders")
