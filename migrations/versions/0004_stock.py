"""Locations, grades, cells, holds and the ledger."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "grades",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_grades_merchant_id")),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_grades")),
        sa.UniqueConstraint("merchant_id", "name", name=op.f("uq_grades_merchant_id_name")),
    )
    op.create_table(
        "locations",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_locations_merchant_id")),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_locations")),
        sa.UniqueConstraint("merchant_id", "name", name=op.f("uq_locations_merchant_id_name")),
    )
    op.create_table(
        "cells",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("grade_id", sa.Uuid(), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("held >= 0", name=op.f("ck_cells_held")),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_cells_on_hand")),
        sa.CheckConstraint("used >= 0", name=op.f("ck_cells_used")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "grade_id"], ["grades.merchant_id", "grades.id"], name=op.f("fk_cells_merchant_id_grade_id")
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "location_id"],
            ["locations.merchant_id", "locations.id"],
            name=op.f("fk_cells_merchant_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "product_id"],
            ["products.merchant_id", "products.id"],
            name=op.f("fk_cells_merchant_id_product_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "product_id", "location_id", "grade_id", name=op.f("pk_cells")),
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "holds",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("grade_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "settled",
                "released",
                "restored",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("settle_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("quantity BETWEEN 1 AND 1000000", name=op.f("ck_holds_quantity")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "product_id", "location_id", "grade_id"],
            ["cells.merchant_id", "cells.product_id", "cells.location_id", "cells.grade_id"],
            name=op.f("fk_holds_merchant_id_product_id_location_id_grade_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_holds")),
    )
    op.create_index(
        "ix_holds_due",
        "holds",
        ["merchant_id", "settle_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open' AND settle_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_holds_merchant_id_order_id"), "holds", ["merchant_id", "order_id"], unique=False)
    op.create_index(
        "ix_holds_open_cell",
        "holds",
        ["merchant_id", "product_id", "location_id", "grade_id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "ledger",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("grade_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("on_hand_change", sa.Integer(), nullable=False),
        sa.Column("held_change", sa.Integer(), nullable=False),
        sa.Column("used_change", sa.Integer(), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
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
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("actor", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("hold_id", sa.Uuid(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_ledger")),
        sa.UniqueConstraint(
            "merchant_id",
            "product_id",
            "location_id",
            "grade_id",
            "seq",
            name=op.f("uq_ledger_merchant_id_product_id_location_id_grade_id_seq"),
        ),
    )
    op.create_index(
        "uq_ledger_hold",
        "ledger",
        ["merchant_id", "hold_id", "reason"],
        unique=True,
        postgresql_where=sa.text("hold_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_ledger_hold", table_name="ledger", postgresql_where=sa.text("hold_id IS NOT NULL"))
    op.drop_table("ledger")
    op.drop_index("ix_holds_open_cell", table_name="holds", postgresql_where=sa.text("state = 'open'"))
    op.drop_index(op.f("ix_holds_merchant_id_order_id"), table_name="holds")
    op.drop_index(
        "ix_holds_due", table_name="holds", postgresql_where=sa.text("state = 'open' AND settle_at IS NOT NULL")
    )
    op.drop_table("holds")
    op.drop_table("cells")
    op.drop_table("locations")
    op.drop_table("grades")
