"""Availability sessions: counts, staged figures, snapshots; when held units left the shelf; a live session for all."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

APPEND_ONLY = ("counts", "snapshots")
CELL = ("product_id", "location_id", "grade_id")
REASONS = (
    "opening",
    "count",
    "correction",
    "damaged",
    "lost",
    "received",
    "returned",
    "sold",
    "held",
    "released",
    "cancelled",
    "transfer",
    "regrade",
    "promotion",
    "channel_import",
    "other",
)

SESSION_MOVES = """
CREATE TRIGGER sessions_moves BEFORE UPDATE ON sessions FOR EACH ROW
WHEN (OLD.state = 'closed' OR (OLD.state <> NEW.state
    AND (OLD.state, NEW.state) NOT IN (('staged', 'live'), ('live', 'closed'))))
EXECUTE FUNCTION refuse_change('a session is staged, then live, then closed for good')
"""

# Ids of the merchant's own age (UUIDv7), so that its first session stays the oldest in every list.
FIRST_SESSIONS = """
INSERT INTO sessions (merchant_id, id, state, version, opened_at, promoted_at)
SELECT id, CAST(lpad(to_hex(CAST(floor(extract(epoch FROM created_at) * 1000) AS bigint)), 12, '0') || '7'
    || substr(replace(CAST(gen_random_uuid() AS text), '-', ''), 14) AS uuid),
    'live', 0, created_at, created_at
FROM merchants
"""

UNITS_THAT_LEFT = """
UPDATE holds SET left_at = coalesce(orders.ended_at, orders.confirmed_at, orders.placed_at) FROM orders
WHERE orders.merchant_id = holds.merchant_id AND orders.id = holds.order_id
    AND holds.state IN ('open', 'settled') AND orders.state IN ('picked_up', 'delivered', 'cancelled')
"""


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", _one_of("state", "staged", "live", "closed"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", postgresql.JSONB(), nullable=True),
        sa.Column("promoted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", postgresql.JSONB(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("scope", _one_of("scope", "partial", "full"), nullable=True),
        sa.Column("moved", _one_of("moved", "ignore"), nullable=True),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_sessions_closed_at")),
        sa.CheckConstraint("(state = 'staged') = (promoted_at IS NULL)", name=op.f("ck_sessions_promoted_at")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_sessions_merchant_id")),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_sessions")),
    )
    for state in ("live", "staged"):
        where = sa.text(f"state = '{state}'")
        op.create_index(f"uq_sessions_{state}", "sessions", ["merchant_id"], unique=True, postgresql_where=where)
    _create_counts()
    _create_staged_cells()
    _create_snapshots()
    _create_left_at()
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
            "EXECUTE FUNCTION refuse_change('rows are only ever added')"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
            "EXECUTE FUNCTION refuse_change('rows are only ever added')"
        )
    op.execute(SESSION_MOVES)
    op.execute(FIRST_SESSIONS)


def _create_counts() -> None:
    op.create_table(
        "counts",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in CELL),
        sa.Column("kind", _one_of("kind", "count", "increase", "decrease", "withdrawal"), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("change", sa.Integer(), nullable=True),
        sa.Column("reason", _one_of("reason", *REASONS), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("moved", _one_of("moved", "ignore"), nullable=True),
        sa.Column("read_seq", sa.BigInteger(), nullable=False),
        sa.Column("read_on_hand", sa.Integer(), nullable=False),
        sa.Column("unpicked", sa.Integer(), nullable=False),
        sa.Column("withdraws", sa.Uuid(), nullable=True),
        sa.Column("actor", postgresql.JSONB(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'withdrawal') = (withdraws IS NOT NULL)", name=op.f("ck_counts_withdraws")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_counts_quantity")),
        _of_session("counts"),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_counts")),
    )
    op.create_index(op.f("ix_counts_merchant_id_session_id_id"), "counts", ["merchant_id", "session_id", "id"])
    op.create_index(
        op.f("ix_counts_merchant_id_product_id_location_id_grade_id_id"), "counts", ["merchant_id", *CELL, "id"]
    )
    op.create_index(
        "uq_counts_withdraws",
        "counts",
        ["merchant_id", "withdraws"],
        unique=True,
        postgresql_where=sa.text("withdraws IS NOT NULL"),
    )


def _create_staged_cells() -> None:
    op.create_table(
        "staged_cells",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in CELL),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("count_id", sa.Uuid(), nullable=False),
        sa.Column("read_seq", sa.BigInteger(), nullable=False),
        sa.Column("read_on_hand", sa.Integer(), nullable=False),
        sa.Column("unpicked", sa.Integer(), nullable=False),
        sa.Column("moved", _one_of("moved", "ignore"), nullable=True),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_staged_cells_quantity")),
        _of_session("staged_cells"),
        sa.PrimaryKeyConstraint("merchant_id", "session_id", *CELL, name=op.f("pk_staged_cells")),
    )


def _create_snapshots() -> None:
    op.create_table(
        "snapshots",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in CELL),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "session_id", *CELL, name=op.f("pk_snapshots")),
    )


def _create_left_at() -> None:
    op.add_column("holds", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(UNITS_THAT_LEFT)
    op.create_index(
        "ix_holds_unpicked",
        "holds",
        ["merchant_id", *CELL],
        unique=False,
        postgresql_where=sa.text("state = 'settled' AND left_at IS NULL"),
    )


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _of_session(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["merchant_id", "session_id"],
        ["sessions.merchant_id", "sessions.id"],
        name=op.f(f"fk_{table}_merchant_id_session_id"),
    )


def downgrade() -> None:
    op.drop_index("ix_holds_unpicked", table_name="holds")
    op.drop_column("holds", "left_at")
    for table in ("snapshots", "staged_cells", "counts", "sessions"):
        op.drop_table(table)
