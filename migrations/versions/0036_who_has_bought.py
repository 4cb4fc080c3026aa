"""Who has bought: that an order was delivered or paid is kept with its customer; open orders are found by customer.

The index of open orders stands for that of unanswered and unpaid ones, which are some of them.
"""

import sqlalchemy as sa
from alembic import op

from migrations.guard import unforced

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

OPEN, UNPAID = "ix_orders_open", "ix_orders_unpaid"
IS_OPEN = "state IN ('requested', 'awaiting_payment', 'confirmed', 'picked_up')"
IS_UNPAID = "state IN ('requested', 'awaiting_payment')"
BOUGHT = """
UPDATE customers SET has_bought = true
WHERE EXISTS (
    SELECT FROM orders
    WHERE orders.merchant_id = customers.merchant_id AND orders.customer_id = customers.person_id AND (
        orders.state = 'delivered' OR (orders.state NOT IN ('declined', 'expired', 'cancelled')
            AND orders.paid - orders.refunded - orders.disputed >= greatest(orders.total, 1))
    )
)
"""


def upgrade() -> None:
    op.add_column("customers", sa.Column("has_bought", sa.Boolean(), server_default=sa.false(), nullable=False))
    with unforced(op, "customers", "orders"):
        op.execute(BOUGHT)
    op.create_index(OPEN, "orders", ["merchant_id", "customer_id"], postgresql_where=sa.text(IS_OPEN))
    op.drop_index(UNPAID, "orders")


def downgrade() -> None:
    op.create_index(UNPAID, "orders", ["merchant_id", "customer_id"], postgresql_where=sa.text(IS_UNPAID))
    op.drop_index(OPEN, "orders")
    op.drop_column("customers", "has_bought")
