"""Where an order came from. Carts say which orders were theirs; what a member or staff placed for another is theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KINDS = ("api", "cart", "person", "channel")
HANGS_TOGETHER = "(origin_kind = 'channel') = (channel_id IS NOT NULL) AND (channel_id IS NULL) = (external_id IS NULL)"
OF_PEOPLE = """
UPDATE orders SET origin_kind = 'person'
WHERE placed_by ->> 'kind' IN ('owner', 'clerk', 'staff') AND placed_by ->> 'id' <> CAST(customer_id AS text)
"""
OF_CARTS = """
UPDATE orders SET origin_kind = 'cart'
FROM carts WHERE carts.merchant_id = orders.merchant_id AND carts.order_id = orders.id
"""


def upgrade() -> None:
    kind = sa.Enum(*KINDS, name="origin_kind", native_enum=False, create_constraint=True, length=32)
    op.add_column("orders", sa.Column("origin_kind", kind, server_default="api", nullable=False))
    op.add_column("orders", sa.Column("channel_id", sa.Uuid(), nullable=True))
    op.add_column("orders", sa.Column("external_id", sa.Text(), nullable=True))
    op.execute(OF_PEOPLE)
    op.execute(OF_CARTS)
    op.create_check_constraint(op.f("ck_orders_origin"), "orders", HANGS_TOGETHER)
    op.create_index(
        "uq_orders_external",
        "orders",
        ["merchant_id", "channel_id", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_orders_external", table_name="orders")
    op.drop_constraint(op.f("ck_orders_origin"), "orders", type_="check")
    for column in ("external_id", "channel_id", "origin_kind"):
        op.drop_column("orders", column)
