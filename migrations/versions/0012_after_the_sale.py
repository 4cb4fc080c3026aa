"""After the sale: parts cancelled and returned, wishes to cancel, guests and registrations, money given back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OLD_STEPS = (
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
)
NEW_STEPS = ("reduce", "ask_cancel", "keep", "return", "revive")
HOLD = "hold_id IS NOT NULL"

# What the one unit that goes back is, no row may say again; and what was promised to whom never changes.
HOLD_BACK = """
CREATE TRIGGER holds_back BEFORE UPDATE ON holds FOR EACH ROW
WHEN (NEW.back < OLD.back OR (NEW.quantity, NEW.order_id, NEW.line, NEW.product_id, NEW.location_id, NEW.grade_id)
    <> (OLD.quantity, OLD.order_id, OLD.line, OLD.product_id, OLD.location_id, OLD.grade_id))
EXECUTE FUNCTION refuse_change('a unit goes back once, and a hold stays whose it is')
"""

ORDER_MOVES = """
CREATE TRIGGER orders_moves BEFORE UPDATE OF state ON orders FOR EACH ROW
WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
    ('requested', 'awaiting_payment'), ('requested', 'confirmed'), ('requested', 'declined'),
    ('requested', 'expired'), ('requested', 'cancelled'),
    ('awaiting_payment', 'confirmed'), ('awaiting_payment', 'cancelled'),
    ('confirmed', 'picked_up'), ('confirmed', 'delivered'), ('confirmed', 'cancelled'),
    ('picked_up', 'delivered'), ('picked_up', 'cancelled'){more}))
EXECUTE FUNCTION refuse_change('an order does not move that way')
"""
REVIVED = ",\n    ('expired', 'confirmed'), ('cancelled', 'confirmed')"


def upgrade() -> None:
    _change_holds()
    _change_orders()
    _create_returns()
    _create_registrations()
    _set_steps((*OLD_STEPS, *NEW_STEPS))
    op.execute("DROP TRIGGER orders_moves ON orders")
    op.execute(ORDER_MOVES.format(more=REVIVED))


def _change_holds() -> None:
    op.add_column("holds", sa.Column("back", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE holds SET back = quantity WHERE state IN ('released', 'restored')")
    op.create_check_constraint(op.f("ck_holds_back"), "holds", "back BETWEEN 0 AND quantity")
    op.create_check_constraint(
        op.f("ck_holds_ends_when_all_is_back"), "holds", "(state IN ('released', 'restored')) = (back = quantity)"
    )
    op.execute(HOLD_BACK)
    op.add_column("ledger", sa.Column("hold_back", sa.Integer(), server_default="0", nullable=False))
    op.drop_index("uq_ledger_hold", table_name="ledger")
    columns = ["merchant_id", "hold_id", "reason", "hold_back"]
    op.create_index("uq_ledger_hold", "ledger", columns, unique=True, postgresql_where=sa.text(HOLD))
    columns = ["merchant_id", "hold_id", "hold_back"]
    op.create_index("uq_ledger_hold_back", "ledger", columns, unique=True, postgresql_where=sa.text("hold_back > 0"))


def _change_orders() -> None:
    for name in ("cancelled", "returned"):
        op.add_column("order_lines", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.add_column("order_lines", sa.Column("guests", postgresql.JSONB(none_as_null=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_order_lines_gone"),
        "order_lines",
        "cancelled >= 0 AND returned >= 0 AND cancelled + returned <= quantity",
    )
    op.create_index(
        op.f("ix_order_lines_merchant_id_product_id_order_id_line"),
        "order_lines",
        ["merchant_id", "product_id", "order_id", "line"],
    )
    for name in ("returned_value", "refunded"):
        op.add_column("orders", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
    op.create_check_constraint(op.f("ck_orders_money_back"), "orders", "returned_value >= 0 AND refunded >= 0")
    for name in ("cancel_asked_at", "cancel_respond_by"):
        op.add_column("orders", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_orders_cancel_asked"),
        "orders",
        "cancel_respond_by IS NULL OR (state = 'confirmed' AND cancel_asked_at IS NOT NULL)",
    )
    op.create_index(
        "ix_orders_cancel_asked",
        "orders",
        ["merchant_id", "cancel_respond_by"],
        postgresql_where=sa.text("cancel_respond_by IS NOT NULL"),
    )


def _create_returns() -> None:
    op.create_table(
        "returns",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column(
            "condition",
            sa.Enum("resellable", "damaged", name="condition", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("grade_id", sa.Uuid(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("actor", postgresql.JSONB(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 1000000", name=op.f("ck_returns_quantity")),
        sa.CheckConstraint("(location_id IS NULL) = (grade_id IS NULL)", name=op.f("ck_returns_place")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id", "line"],
            ["order_lines.merchant_id", "order_lines.order_id", "order_lines.line"],
            name=op.f("fk_returns_merchant_id_order_id_line"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_returns")),
    )
    op.create_index(op.f("ix_returns_merchant_id_order_id"), "returns", ["merchant_id", "order_id"])
    op.execute(
        "CREATE TRIGGER returns_append_only BEFORE UPDATE OR DELETE ON returns FOR EACH ROW "
        "EXECUTE FUNCTION refuse_change('rows are only ever added')"
    )
    op.execute(
        "CREATE TRIGGER returns_not_emptied BEFORE TRUNCATE ON returns FOR EACH STATEMENT "
        "EXECUTE FUNCTION refuse_change('rows are only ever added')"
    )


def _create_registrations() -> None:
    op.create_table(
        "registrations",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id"],
            ["orders.merchant_id", "orders.id"],
            name=op.f("fk_registrations_merchant_id_order_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "product_id", "person_id", name=op.f("pk_registrations")),
    )
    op.create_index(op.f("ix_registrations_merchant_id_order_id"), "registrations", ["merchant_id", "order_id"])


def _set_steps(steps: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{step}'" for step in steps)
    op.drop_constraint(op.f("ck_order_history_step"), "order_history", type_="check")
    op.create_check_constraint(op.f("ck_order_history_step"), "order_history", f"step IN ({listed})")


def downgrade() -> None:
    """Rows that only the newer schema can hold stay unchanged: going back is refused while there are any (CHECKs)."""
    op.execute("DROP TRIGGER orders_moves ON orders")
    op.execute(ORDER_MOVES.format(more=""))
    _set_steps(OLD_STEPS)
    op.drop_table("registrations")
    op.drop_table("returns")
    op.drop_index("ix_orders_cancel_asked", table_name="orders")
    op.drop_constraint(op.f("ck_orders_cancel_asked"), "orders", type_="check")
    for name in ("cancel_respond_by", "cancel_asked_at"):
        op.drop_column("orders", name)
    op.drop_constraint(op.f("ck_orders_money_back"), "orders", type_="check")
    for name in ("refunded", "returned_value"):
        op.drop_column("orders", name)
    op.drop_index(op.f("ix_order_lines_merchant_id_product_id_order_id_line"), table_name="order_lines")
    op.drop_constraint(op.f("ck_order_lines_gone"), "order_lines", type_="check")
    for name in ("guests", "returned", "cancelled"):
        op.drop_column("order_lines", name)
    op.drop_index("uq_ledger_hold_back", table_name="ledger")
    op.drop_index("uq_ledger_hold", table_name="ledger")
    columns = ["merchant_id", "hold_id", "reason"]
    op.create_index("uq_ledger_hold", "ledger", columns, unique=True, postgresql_where=sa.text(HOLD))
    op.drop_column("ledger", "hold_back")
    op.execute("DROP TRIGGER holds_back ON holds")
    op.drop_constraint(op.f("ck_holds_ends_when_all_is_back"), "holds", type_="check")
    op.drop_constraint(op.f("ck_holds_back"), "holds", type_="check")
    op.drop_column("holds", "back")
