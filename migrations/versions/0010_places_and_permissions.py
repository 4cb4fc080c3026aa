"""Categories, degrees of locations, taking from the nearest, and permissions of single members."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

DEGREES = {
    "both_degrees": "(latitude IS NULL) = (longitude IS NULL)",
    "latitude": "latitude BETWEEN -90 AND 90",
    "longitude": "longitude BETWEEN -180 AND 180",
}


def upgrade() -> None:
    op.create_table(
        "categories",
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_categories_merchant_id")),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_categories")),
        sa.UniqueConstraint("merchant_id", "name", name=op.f("uq_categories_merchant_id_name")),
    )
    op.add_column("products", sa.Column("category_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_products_merchant_id_category_id"),
        "products",
        "categories",
        ["merchant_id", "category_id"],
        ["merchant_id", "id"],
    )
    op.create_index(op.f("ix_products_merchant_id_category_id"), "products", ["merchant_id", "category_id"])
    op.add_column("locations", sa.Column("latitude", sa.Double(), nullable=True))
    op.add_column("locations", sa.Column("longitude", sa.Double(), nullable=True))
    for name, condition in DEGREES.items():
        op.create_check_constraint(op.f(f"ck_locations_{name}"), "locations", condition)
    op.add_column(
        "merchants",
        sa.Column(
            "allocation",
            sa.Enum("preference", "nearest", name="allocation", native_enum=False, create_constraint=True, length=32),
            server_default="preference",
            nullable=False,
        ),
    )
    for name in ("granted", "withheld"):
        op.add_column("members", sa.Column(name, sa.ARRAY(sa.Text()), server_default="{}", nullable=False))


def downgrade() -> None:
    for name in ("withheld", "granted"):
        op.drop_column("members", name)
    op.drop_column("merchants", "allocation")
    op.drop_column("locations", "longitude")
    op.drop_column("locations", "latitude")
    op.drop_index(op.f("ix_products_merchant_id_category_id"), table_name="products")
    op.drop_constraint(op.f("fk_products_merchant_id_category_id"), "products", type_="foreignkey")
    op.drop_column("products", "category_id")
    op.drop_table("categories")
