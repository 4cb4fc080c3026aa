"""The schema, one numbered file per subject; Alembic reads this folder, in the repository and in an installed wheel."""
