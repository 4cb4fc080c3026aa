"""Money given back: what of a payment was refunded, through whom, and every refund with what came of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PROVIDER = "provider_id IS NOT NULL"
CHECKS = {
    "refunded": "refunded BETWEEN 0 AND amount",
    "ends_when_all_is_refunded": "(state = 'refunded') = (refunded = amount)",
    "says_why": "state <> 'parked' OR parked_reason IS NOT NULL",
}
PAYMENTS_STAY = """
CREATE TRIGGER payments_stay BEFORE UPDATE ON payments FOR EACH ROW
WHEN ((NEW.order_id, NEW.amount, NEW.currency, NEW.reference, NEW.paid_at)
    IS DISTINCT FROM (OLD.order_id, OLD.amount, OLD.currency, OLD.reference, OLD.paid_at))
EXECUTE FUNCTION refuse_change('what was said of money stays')
"""
REFUNDS_STAY = """
CREATE TRIGGER refunds_stay BEFORE UPDATE ON refunds FOR EACH ROW
WHEN ((NEW.payment_id, NEW.order_id, NEW.amount, NEW.reference, NEW.note, NEW.actor, NEW.made_at)
    IS DISTINCT FROM (OLD.payment_id, OLD.order_id, OLD.amount, OLD.reference, OLD.note, OLD.actor, OLD.made_at)
    OR (OLD.provider_id IS NOT NULL AND NEW.provider_id IS DISTINCT FROM OLD.provider_id)
    OR (OLD.provider_reference IS NOT NULL AND NEW.provider_reference IS DISTINCT FROM OLD.provider_reference))
EXECUTE FUNCTION refuse_change('what was said of money stays')
"""
REFUNDS_MOVES = """
CREATE TRIGGER refunds_moves BEFORE UPDATE OF state ON refunds FOR EACH ROW
WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
    ('pending', 'done'), ('pending', 'failed'), ('done', 'failed'), ('failed', 'pending'), ('failed', 'done')))
EXECUTE FUNCTION refuse_change('a refund does not move that way')
"""


def upgrade() -> None:
    _change_payments()
    _create_refunds()


def _change_payments() -> None:
    op.add_column("payments", sa.Column("refunded", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("payments", sa.Column("provider_id", sa.Uuid(), nullable=True))
    op.add_column("payments", sa.Column("provider_reference", sa.Text(), nullable=True))
    op.add_column("payments", sa.Column("provider_amount", sa.BigInteger(), nullable=True))
    _set_states("'counted', 'parked', 'refunded'")
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_payments_{name}"), "payments", condition)
    columns = ["merchant_id", "provider_id", "provider_reference"]
    op.create_index("ix_payments_provider", "payments", columns, postgresql_where=sa.text(PROVIDER))
    op.execute(PAYMENTS_STAY)


def _set_states(listed: str) -> None:
    op.drop_constraint(op.f("ck_payments_state"), "payments", type_="check")
    op.create_check_constraint(op.f("ck_payments_state"), "payments", f"state IN ({listed})")


def _create_refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("pending", "done", "failed", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("provider_reference", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("actor", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refunds_amount")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "payment_id"],
            ["payments.merchant_id", "payments.id"],
            name=op.f("fk_refunds_merchant_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"],
            ["orders.merchant_id", "orders.id"],
            name=op.f("fk_refunds_merchant_id_order_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("merchant_id", "reference", name=op.f("uq_refunds_merchant_id_reference")),
    )
    for column in ("order_id", "payment_id"):
        op.create_index(op.f(f"ix_refunds_merchant_id_{column}"), "refunds", ["merchant_id", column])
    for name, column, condition in (
        ("ix_refunds_due", "due_at", "state = 'pending'"),
        ("ix_refunds_failed", "id", "state = 'failed'"),
    ):
        op.create_index(name, "refunds", ["merchant_id", column], postgresql_where=sa.text(condition))
    op.create_index(
        "uq_refunds_provider_reference",
        "refunds",
        ["merchant_id", "provider_id", "provider_reference"],
        unique=True,
        postgresql_where=sa.text("provider_reference IS NOT NULL"),
    )
    op.execute(REFUNDS_STAY)
    op.execute(REFUNDS_MOVES)
    op.execute(
        "CREATE TRIGGER refunds_kept BEFORE DELETE ON refunds FOR EACH ROW "
        "EXECUTE FUNCTION refuse_change('rows are only ever added')"
    )
    op.execute(
        "CREATE TRIGGER refunds_not_emptied BEFORE TRUNCATE ON refunds FOR EACH STATEMENT "
        "EXECUTE FUNCTION refuse_change('rows are only ever added')"
    )


def downgrade() -> None:
    """Payments that were refunded can't be told in the older schema: going back is refused while there are any."""
    op.drop_table("refunds")
    op.execute("DROP TRIGGER payments_stay ON payments")
    op.drop_index("ix_payments_provider", table_name="payments")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_payments_{name}"), "payments", type_="check")
    _set_states("'counted', 'parked'")
    for name in ("provider_amount", "provider_reference", "provider_id", "refunded"):
        op.drop_column("payments", name)
