"""Unproven customers: what a merchant lets them hold at once, whom it trusts, and the turn of each.

Of those who are there already a merchant trusts whom a seller entered: who has no sign-in, or got his first order from
a seller.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BOUNDS = (
    ("unproven_open_orders", "5", 10_000),
    ("unproven_units", "10", 1_000_000),
    ("unproven_share_percent", "20", 100),
)
ENTERED = """
UPDATE customers SET is_trusted = true
WHERE NOT EXISTS (SELECT FROM people WHERE people.id = customers.person_id) OR (
    SELECT placed_by ->> 'kind' FROM orders
    WHERE orders.merchant_id = customers.merchant_id AND orders.customer_id = customers.person_id
    ORDER BY orders.id LIMIT 1
) IN ('owner', 'clerk', 'staff', 'integration')
"""


def upgrade() -> None:
    for name, default, most in BOUNDS:
        op.add_column("merchants", sa.Column(name, sa.Integer(), server_default=default, nullable=False))
        op.create_check_constraint(op.f(f"ck_merchants_{name}"), "merchants", f"{name} BETWEEN 0 AND {most}")
    op.add_column("customers", sa.Column("is_trusted", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("customers", sa.Column("turn", sa.Integer(), server_default="0", nullable=False))
    op.execute(ENTERED)


def downgrade() -> None:
    for name in ("turn", "is_trusted"):
        op.drop_column("customers", name)
    for name, _, _ in BOUNDS:
        op.drop_constraint(op.f(f"ck_merchants_{name}"), "merchants", type_="check")
        op.drop_column("merchants", name)
