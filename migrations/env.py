"""Alembic's entry: runs the migrations on the connection that `core/migrate.py` hands over."""

from alembic import context

from merchant_api.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, compare_type=True, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
