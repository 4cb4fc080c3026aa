"""Idempotency keys belong to the resource: those of paths that were spelt in capitals are found again.

Every path below a merchant is small letters but for the ids that a caller spelt. Where a key was used in two spellings
already, the one in small letters stands, and the others are left to be forgotten within 72 hours. An answer with a
secret was sealed for its old spelling: who asks for it again is told that it is lost, and nothing happens twice.
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

METHOD, PATH = "split_part(scope, ' ', 1)", "lower(split_part(scope, ' ', 2))"


def upgrade() -> None:
    op.execute(
        f"""
        UPDATE idempotency_keys SET scope = chosen.resource
        FROM (
            SELECT DISTINCT ON (merchant_id, actor_id, resource, key) *
            FROM (SELECT *, {METHOD} || ' ' || {PATH} AS resource FROM idempotency_keys) AS spelt
            WHERE scope <> resource
            ORDER BY merchant_id, actor_id, resource, key, claimed_at
        ) AS chosen
        WHERE idempotency_keys.merchant_id = chosen.merchant_id AND idempotency_keys.actor_id = chosen.actor_id
            AND idempotency_keys.scope = chosen.scope AND idempotency_keys.key = chosen.key
            AND NOT EXISTS (
                SELECT FROM idempotency_keys AS other
                WHERE other.merchant_id = chosen.merchant_id AND other.actor_id = chosen.actor_id
                    AND other.scope = chosen.resource AND other.key = chosen.key
            )
        """  # noqa: S608 - our own words
    )


def downgrade() -> None:
    """Scopes in small letters are what older code makes of paths in small letters."""
