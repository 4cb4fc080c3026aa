"""Why a line got its verdict: the code of a sentence and its figures, in the place of English words.

Words that have none of the forms which were ever written are kept as they are, under the code `text`.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NUMBER = "(0|[1-9][0-9]{0,8})"
FORMS = {
    "stock": f"^{NUMBER} wanted, {NUMBER} available$",
    "backorder": f"^{NUMBER} wanted, {NUMBER} available: {NUMBER} on backorder$",
    "not_tracked": "not tracked: always available",
}
INTO_FIGURES = r"""
UPDATE order_lines SET
    verdict_code = CASE
        WHEN verdict_reason ~ :stock THEN 'verdict.stock'
        WHEN verdict_reason ~ :backorder THEN 'verdict.backorder'
        WHEN verdict_reason = :not_tracked THEN 'verdict.not_tracked'
        ELSE 'text'
    END,
    verdict_figures = CASE
        WHEN verdict_reason ~ :stock
        THEN CAST(regexp_replace(verdict_reason, :stock, '{"wanted": \1, "available": \2}') AS jsonb)
        WHEN verdict_reason ~ :backorder
        THEN CAST(regexp_replace(
            verdict_reason, :backorder, '{"wanted": \1, "available": \2, "backordered": \3}') AS jsonb)
        WHEN verdict_reason = :not_tracked THEN '{}'
        ELSE jsonb_build_object('text', verdict_reason)
    END
"""
INTO_WORDS = """
UPDATE order_lines SET verdict_reason = CASE verdict_code
    WHEN 'verdict.not_tracked' THEN 'not tracked: always available'
    WHEN 'verdict.stock' THEN concat(
        verdict_figures ->> 'wanted', ' wanted, ', verdict_figures ->> 'available', ' available')
    WHEN 'verdict.backorder' THEN concat(
        verdict_figures ->> 'wanted', ' wanted, ', verdict_figures ->> 'available', ' available: ',
        verdict_figures ->> 'backordered', ' on backorder')
    ELSE coalesce(verdict_figures ->> 'text', verdict_code)
END
"""


def upgrade() -> None:
    op.add_column("order_lines", sa.Column("verdict_code", sa.Text(), nullable=True))
    op.add_column("order_lines", sa.Column("verdict_figures", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.execute(sa.text(INTO_FIGURES).bindparams(**FORMS))
    op.alter_column("order_lines", "verdict_code", nullable=False)
    op.alter_column("order_lines", "verdict_figures", nullable=False)
    op.drop_column("order_lines", "verdict_reason")


def downgrade() -> None:
    op.add_column("order_lines", sa.Column("verdict_reason", sa.Text(), nullable=True))
    op.execute(INTO_WORDS)
    op.alter_column("order_lines", "verdict_reason", nullable=False)
    op.drop_column("order_lines", "verdict_figures")
    op.drop_column("order_lines", "verdict_code")
