"""Events that are gathered, not fanned out: what changed in stock, for web shops."""

import sqlalchemy as sa
from alembic import op

from migrations.guard import unforced

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _allow("pending", "noted", "done", "failed")
    op.create_index(
        "ix_events_noted",
        "events",
        ["merchant_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'noted'"),
    )


def downgrade() -> None:
    op.drop_index("ix_events_noted", table_name="events", postgresql_where=sa.text("state = 'noted'"))
    with unforced(op, "events"):
        op.execute("UPDATE events SET state = 'done' WHERE state = 'noted'")
    _allow("pending", "done", "failed")


def _allow(*states: str) -> None:
    op.drop_constraint(op.f("ck_events_state"), "events", type_="check")
    listed = ", ".join(f"'{state}'" for state in states)
    op.create_check_constraint(op.f("ck_events_state"), "events", f"state IN ({listed})")
