"""What the database itself refuses: changing the ledger or the history, and illegal moves of holds and orders."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

APPEND_ONLY = ("ledger", "order_history")

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0]
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

HOLD_MOVES = """
CREATE TRIGGER holds_moves BEFORE UPDATE OF state ON holds FOR EACH ROW
WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN
    (('open', 'settled'), ('open', 'released'), ('settled', 'restored')))
EXECUTE FUNCTION refuse_change('a hold ends once, and what was sold goes back once')
"""

ORDER_MOVES = """
CREATE TRIGGER orders_moves BEFORE UPDATE OF state ON orders FOR EACH ROW
WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
    ('requested', 'awaiting_payment'), ('requested', 'confirmed'), ('requested', 'declined'),
    ('requested', 'expired'), ('requested', 'cancelled'),
    ('awaiting_payment', 'confirmed'), ('awaiting_payment', 'cancelled'),
    ('confirmed', 'picked_up'), ('confirmed', 'delivered'), ('confirmed', 'cancelled'),
    ('picked_up', 'delivered'), ('picked_up', 'cancelled')))
EXECUTE FUNCTION refuse_change('an order does not move that way')
"""


def upgrade() -> None:
    op.execute(REFUSE)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
            "EXECUTE FUNCTION refuse_change('rows are only ever added')"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
            "EXECUTE FUNCTION refuse_change('rows are only ever added')"
        )
    op.execute(HOLD_MOVES)
    op.execute(ORDER_MOVES)


def downgrade() -> None:
    op.execute("DROP TRIGGER orders_moves ON orders")
    op.execute("DROP TRIGGER holds_moves ON holds")
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_not_emptied ON {table}")
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute("DROP FUNCTION refuse_change()")
