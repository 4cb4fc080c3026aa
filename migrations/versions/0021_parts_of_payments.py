"""What of an order's parked money is here, in its currency, and an index for orders that may have to give money back.

Payments that were parked because they were a part or too much stay parked: nothing is counted behind anybody's back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MAY_OWE = (
    "parked > 0 OR paid - refunded > "
    "CASE WHEN state IN ('declined', 'expired', 'cancelled') THEN 0 ELSE total - returned_value END"
)
CARRY_OVER = """
UPDATE orders SET parked_sum = sums.amount FROM (
    SELECT merchant_id, order_id, currency, sum(amount - refunded) AS amount
    FROM payments WHERE state = 'parked' GROUP BY merchant_id, order_id, currency
) AS sums
WHERE sums.merchant_id = orders.merchant_id AND sums.order_id = orders.id AND sums.currency = orders.currency
"""


def upgrade() -> None:
    op.add_column("orders", sa.Column("parked_sum", sa.BigInteger(), server_default="0", nullable=False))
    op.execute(CARRY_OVER)
    check = "parked_sum >= 0 AND (parked > 0 OR parked_sum = 0)"
    op.create_check_constraint(op.f("ck_orders_parked_sum"), "orders", check)
    op.create_index("ix_orders_owing", "orders", ["merchant_id", "id"], postgresql_where=sa.text(MAY_OWE))


def downgrade() -> None:
    op.drop_index("ix_orders_owing", table_name="orders")
    op.drop_constraint(op.f("ck_orders_parked_sum"), "orders", type_="check")
    op.drop_column("orders", "parked_sum")
