"""A merchant knows a customer again by an e-mail address, or by a phone number with a name.

Customers whom sellers entered are marked; who signs in is known by that. Of customers who share a mark already the
oldest has twin 0, as every later mark has, and the others count up from 1: they stay, and are one person.
"""

import json
from collections import Counter

import sqlalchemy as sa
from alembic import op

from merchant_api.accounts.marks import marks_of, region_of

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BATCH = 5_000
READ = sa.text(
    "SELECT person_id, name, phone, email FROM customers WHERE merchant_id = :merchant_id "
    "AND (phone IS NOT NULL OR email IS NOT NULL) "
    "AND NOT EXISTS (SELECT FROM people WHERE people.id = customers.person_id) ORDER BY person_id"
)
WRITE = sa.text(
    "INSERT INTO customer_marks (merchant_id, mark, twin, person_id) "
    "SELECT :merchant_id, mark, twin, person_id "
    "FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(mark text, twin integer, person_id uuid)"
)


def upgrade() -> None:
    op.create_table(
        "customer_marks",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("twin", sa.Integer(), server_default="0", nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "person_id"],
            ["customers.merchant_id", "customers.person_id"],
            name=op.f("fk_customer_marks_merchant_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "mark", "twin", name=op.f("pk_customer_marks")),
    )
    op.create_index(op.f("ix_customer_marks_merchant_id_person_id"), "customer_marks", ["merchant_id", "person_id"])
    for merchant in op.get_bind().execute(sa.text("SELECT id, time_zone, locale FROM merchants")).all():
        _fill(merchant.id, region_of(merchant.time_zone, merchant.locale))


def _fill(merchant_id: object, region: str | None) -> None:
    of_merchant = {"merchant_id": merchant_id}
    seen: Counter[str] = Counter()
    rows = []
    for row in op.get_bind().execute(READ, of_merchant).all():
        for mark in marks_of(row.name, row.phone, row.email, region):
            rows.append({"mark": mark, "twin": seen[mark], "person_id": str(row.person_id)})
            seen[mark] += 1
    for at in range(0, len(rows), BATCH):
        op.get_bind().execute(WRITE, of_merchant | {"rows": json.dumps(rows[at : at + BATCH])})


def downgrade() -> None:
    op.drop_table("customer_marks")
