"""A delivery goes to an address over a medium; what is on its way to devices is carried over."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

WORD = sa.String(length=32)
CHECKS = {
    "medium": "medium IN ('push', 'mail', 'webhook')",
    "address_kind": "address_kind IN ('fcm', 'web_push', 'mail', 'webhook')",
    "audience": "audience IN ('merchant', 'customer')",
    "medium_of_its_address": "medium = CASE WHEN address_kind IN ('fcm', 'web_push') THEN 'push' ELSE address_kind END",
    "webhooks_have_no_reader": "(medium = 'webhook') = (person_id IS NULL)",
    "a_reader_is_of_an_audience": "(person_id IS NULL) = (audience IS NULL)",
}


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("address_kind", WORD, nullable=True))
    op.add_column("deliveries", sa.Column("address_id", sa.Text(), nullable=True))
    op.execute("UPDATE deliveries SET address_kind = medium, address_id = installation, medium = 'push'")
    op.alter_column("deliveries", "address_kind", nullable=False)
    op.alter_column("deliveries", "address_id", nullable=False)
    op.drop_column("deliveries", "installation")
    op.alter_column("deliveries", "medium", type_=WORD, existing_type=sa.Text())
    op.alter_column("deliveries", "person_id", nullable=True)
    op.alter_column("deliveries", "audience", nullable=True, type_=WORD, existing_type=sa.Text())
    for name, check in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_deliveries_{name}"), "deliveries", check)
    op.create_unique_constraint(
        "uq_deliveries_address",
        "deliveries",
        ["merchant_id", "event_id", "medium", "person_id", "address_id"],
        postgresql_nulls_not_distinct=True,
    )


def downgrade() -> None:
    op.drop_constraint("uq_deliveries_address", "deliveries", type_="unique")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_deliveries_{name}"), "deliveries", type_="check")
    # The code of that time knows devices only.
    op.execute(
        "DELETE FROM attempts USING deliveries WHERE attempts.merchant_id = deliveries.merchant_id "
        "AND attempts.delivery_id = deliveries.id AND deliveries.medium <> 'push'"
    )
    op.execute("DELETE FROM deliveries WHERE medium <> 'push'")
    op.alter_column("deliveries", "audience", nullable=False, type_=sa.Text(), existing_type=WORD)
    op.alter_column("deliveries", "person_id", nullable=False)
    op.alter_column("deliveries", "medium", type_=sa.Text(), existing_type=WORD)
    op.add_column("deliveries", sa.Column("installation", sa.Text(), nullable=True))
    op.execute("UPDATE deliveries SET medium = address_kind, installation = address_id")
    op.alter_column("deliveries", "installation", nullable=False)
    op.drop_column("deliveries", "address_id")
    op.drop_column("deliveries", "address_kind")
