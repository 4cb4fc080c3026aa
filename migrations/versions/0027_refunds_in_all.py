"""Refunds that a running total told of: the newest total, and rows that refunds with names replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MOVES = [("pending", "done"), ("pending", "failed"), ("done", "failed"), ("failed", "pending"), ("failed", "done")]


def upgrade() -> None:
    op.add_column("payments", sa.Column("total_back", sa.BigInteger(), nullable=True))
    op.add_column("payments", sa.Column("total_told_at", sa.DateTime(timezone=True), nullable=True))
    _set("'pending', 'done', 'failed', 'replaced'", [*MOVES, ("done", "replaced")])


def downgrade() -> None:
    op.execute("DROP TRIGGER refunds_moves ON refunds")
    # Their money counts under other names. With a name of its own nobody tries one of them again.
    op.execute("UPDATE refunds SET state = 'failed', provider_reference = 'replaced ' || id WHERE state = 'replaced'")
    _set("'pending', 'done', 'failed'", MOVES)
    op.drop_column("payments", "total_told_at")
    op.drop_column("payments", "total_back")


def _set(states: str, moves: list[tuple[str, str]]) -> None:
    op.drop_constraint(op.f("ck_refunds_state"), "refunds", type_="check")
    op.create_check_constraint(op.f("ck_refunds_state"), "refunds", f"state IN ({states})")
    op.execute("DROP TRIGGER IF EXISTS refunds_moves ON refunds")
    op.execute(
        "CREATE TRIGGER refunds_moves BEFORE UPDATE OF state ON refunds FOR EACH ROW "
        f"WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({', '.join(map(str, moves))})) "
        "EXECUTE FUNCTION refuse_change('a refund does not move that way')"
    )
