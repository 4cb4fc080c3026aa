"""Why an order ended, in one of our own words, beside the free reason; and the modes and parked reasons that there are.

What was said before is carried over: a merchant's reason to decline, and the words that only the system says.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

CAUSES = (
    "out_of_stock",
    "partial_stock",
    "too_busy",
    "closed",
    "cannot_deliver",
    "price_wrong",
    "missing_information",
    "order_too_large",
    "other",
    "payment_overdue",
    "undelivered",
    "no_answer",
)
# Nobody could decline in other words than those, nor cancel with these two.
CARRY_OVER = """
UPDATE orders SET cause = reason
WHERE state IN ('declined', 'expired') OR (state = 'cancelled' AND reason IN ('payment_overdue', 'undelivered'))
"""
MODES = ("instant", "on_request", "backorder", "untracked", "closed")
PARKED = (
    "order_ended",
    "after_delivery",
    "wrong_currency",
    "already_paid",
    "wrong_amount",
    "late",
    "amount_not_exact",
)


def upgrade() -> None:
    op.add_column("orders", sa.Column("cause", sa.String(32), nullable=True))
    op.execute(CARRY_OVER)
    _only("orders", "cause", CAUSES)
    op.alter_column("orders", "mode", type_=sa.String(32), existing_type=sa.Text(), existing_nullable=False)
    _only("orders", "mode", MODES)
    op.alter_column("payments", "parked_reason", type_=sa.String(32), existing_type=sa.Text(), existing_nullable=True)
    _only("payments", "parked_reason", PARKED)


def _only(table: str, column: str, words: tuple[str, ...]) -> None:
    op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, f"{column} IN ({_listed(words)})")


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def downgrade() -> None:
    for table, column, is_nullable in (("payments", "parked_reason", True), ("orders", "mode", False)):
        op.drop_constraint(op.f(f"ck_{table}_{column}"), table, type_="check")
        op.alter_column(table, column, type_=sa.Text(), existing_type=sa.String(32), existing_nullable=is_nullable)
    op.drop_constraint(op.f("ck_orders_cause"), "orders", type_="check")
    op.drop_column("orders", "cause")
