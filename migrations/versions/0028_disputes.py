"""Disputes: what banks say of payments, and what they have of an order's money."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

PARKED_AGAIN = """
UPDATE orders SET parked = again.payments, parked_sum = again.own FROM (
    SELECT payments.merchant_id, order_id, count(*) AS payments,
        coalesce(sum(amount - payments.refunded) FILTER (WHERE payments.currency = orders.currency), 0) AS own
    FROM payments JOIN orders ON orders.merchant_id = payments.merchant_id AND orders.id = order_id
    WHERE payments.state = 'parked' GROUP BY payments.merchant_id, order_id
) AS again WHERE orders.merchant_id = again.merchant_id AND orders.id = again.order_id
"""
ENDS = "(state = 'refunded') = (refunded = amount)"


def upgrade() -> None:
    op.add_column("orders", sa.Column("disputes", sa.Integer(), server_default="0", nullable=False))
    op.add_column("orders", sa.Column("disputed", sa.BigInteger(), server_default="0", nullable=False))
    _check("orders", "disputed", "disputed >= 0 AND (disputes > 0 OR (disputes = 0 AND disputed = 0))")
    op.add_column("payments", sa.Column("disputed", sa.BigInteger(), server_default="0", nullable=False))
    _replace("state IN ('counted', 'parked', 'refunded', 'disputed')", f"state = 'disputed' OR {ENDS}")
    _check("payments", "disputed", "disputed BETWEEN 0 AND amount")
    _check("payments", "is_disputed", "(state = 'disputed') = (disputed > 0)")
    _create_disputes()


def _create_disputes() -> None:
    states = sa.Enum(
        *("asked", "open", "won", "lost"), name="state", native_enum=False, create_constraint=True, length=32
    )
    op.create_table(
        "disputes",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("provider_reference", sa.Text(), nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_disputes_amount")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "payment_id"],
            ["payments.merchant_id", "payments.id"],
            name=op.f("fk_disputes_merchant_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"],
            ["orders.merchant_id", "orders.id"],
            name=op.f("fk_disputes_merchant_id_order_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_disputes")),
        sa.UniqueConstraint(
            "merchant_id",
            "provider_id",
            "provider_reference",
            name=op.f("uq_disputes_merchant_id_provider_id_provider_reference"),
        ),
    )
    for column in ("order_id", "payment_id"):
        op.create_index(op.f(f"ix_disputes_merchant_id_{column}"), "disputes", ["merchant_id", column])


def downgrade() -> None:
    """The code of that time knows no disputes: their payments are again what they were besides."""
    op.drop_table("disputes")
    for name in ("is_disputed", "disputed"):
        op.drop_constraint(op.f(f"ck_payments_{name}"), "payments", type_="check")
    op.execute(
        "UPDATE payments SET state = CASE WHEN refunded = amount THEN 'refunded' "
        "WHEN parked_reason IS NULL THEN 'counted' ELSE 'parked' END WHERE state = 'disputed'"
    )
    op.execute(PARKED_AGAIN)
    _replace("state IN ('counted', 'parked', 'refunded')", ENDS)
    op.drop_column("payments", "disputed")
    op.drop_constraint(op.f("ck_orders_disputed"), "orders", type_="check")
    op.drop_column("orders", "disputed")
    op.drop_column("orders", "disputes")


def _check(table: str, name: str, condition: str) -> None:
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)


def _replace(states: str, ends: str) -> None:
    for name, condition in (("state", states), ("ends_when_all_is_refunded", ends)):
        op.drop_constraint(op.f(f"ck_payments_{name}"), "payments", type_="check")
        _check("payments", name, condition)
