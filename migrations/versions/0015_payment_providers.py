"""Payment providers, and the events that they send."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "payment_providers",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", _one_of("kind", "stripe", "webhook"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sealed_secrets", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_api_key", sa.LargeBinary(), nullable=True),
        sa.Column("created_by", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (sealed_secrets IS NOT NULL)",
            name=op.f("ck_payment_providers_has_secrets_until_it_ends"),
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR sealed_api_key IS NULL", name=op.f("ck_payment_providers_forgets_its_key")
        ),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_payment_providers_merchant_id")),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_payment_providers")),
    )
    op.create_table(
        "payment_events",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("state", _one_of("state", "waiting", "applied", "unmatched"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'applied') = (payment_id IS NOT NULL)", name=op.f("ck_payment_events_applied_to_a_payment")
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (ended_at IS NULL)", name=op.f("ck_payment_events_ends_when_it_waits_no_more")
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "provider_id"],
            ["payment_providers.merchant_id", "payment_providers.id"],
            name=op.f("fk_payment_events_merchant_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_payment_events")),
        sa.UniqueConstraint(
            "merchant_id",
            "provider_id",
            "event_id",
            name=op.f("uq_payment_events_merchant_id_provider_id_event_id"),
        ),
    )
    for name, columns, condition in (
        ("ix_payment_events_due", ["merchant_id", "due_at"], "state = 'waiting'"),
        ("ix_payment_events_open", ["merchant_id", "provider_id", "subject"], "state <> 'applied'"),
    ):
        op.create_index(name, "payment_events", columns, postgresql_where=sa.text(condition))


def downgrade() -> None:
    op.drop_table("payment_events")
    op.drop_table("payment_providers")
