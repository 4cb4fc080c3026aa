"""Row-level security on every table of merchants: the second line of tenancy (`migrations/guard.py`)."""

from alembic import op

from migrations.guard import guard, unguard

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TABLES = (
    "api_keys",
    "attempts",
    "cart_lines",
    "carts",
    "categories",
    "cells",
    "counts",
    "customer_marks",
    "customers",
    "disputes",
    "grades",
    "holds",
    "idempotency_keys",
    "invitations",
    "ledger",
    "locations",
    "members",
    "notifications",
    "order_history",
    "order_lines",
    "orders",
    "payment_events",
    "payment_providers",
    "payments",
    "products",
    "refunds",
    "registrations",
    "returns",
    "sessions",
    "snapshots",
    "staged_cells",
)
CLAIMED = ("deliveries", "events")


def upgrade() -> None:
    for table in TABLES:
        guard(op, table)
    for table in CLAIMED:
        guard(op, table, is_claimed=True)


def downgrade() -> None:
    for table in (*TABLES, *CLAIMED):
        unguard(op, table)
