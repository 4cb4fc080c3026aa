"""The roles of the database, apart: who owns the schema migrates, the application and the jobs only work in it.

Neither makes tables, empties one, or changes or deletes what is only ever added. `orderbell migrate`, run as the owner,
gives them exactly these rights, where the roles exist; people sign in as them or as members of them.
"""

from sqlalchemy import Connection, make_url, text

APP, JOBS = "orderbell_app", "orderbell_jobs"
ROLES = (APP, JOBS)

ONLY_READ = {"alembic_version"}
ONLY_ADDED = {"counts", "ledger", "order_history", "returns", "snapshots"}
DELETED = {  # by both; rows of nothing else ever go, but for these
    "access_tokens",
    "cart_lines",
    "carts",
    "categories",
    "customers",
    "devices",
    "invitations",
    "known_networks",
    "listings",
    "login_attempts",
    "members",
    "refresh_tokens",
    "registrations",
    "sign_ins",
    "staged_cells",
}
TIDIED = {  # by the jobs, when they are old
    "attempts",
    "deliveries",
    "events",
    "heartbeats",
    "idempotency_keys",
    "levels",
    "notifications",
    "payment_events",
}
READ_BY_JOBS = {"api_keys", "members", "people"}  # who may do what is nothing that a job changes

_OURS = "c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND pg_has_role(c.relowner, 'USAGE')"
_TABLES = text(f"SELECT c.relname FROM pg_class c WHERE {_OURS} ORDER BY c.relname")  # noqa: S608 - our own words
_HELD = text(
    "SELECT r.rolname, c.relname, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a "  # noqa: S608 - our own words
    f"JOIN pg_roles r ON r.oid = a.grantee WHERE {_OURS} AND r.rolname = ANY(:roles)"
)
_THERE = text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles) ORDER BY rolname")


def as_role(url: str, role: str) -> str:
    """The URL of the same database for another role, which needs no password there."""
    return make_url(url).set(username=role).render_as_string(hide_password=False)


def rights(role: str, table: str) -> frozenset[str]:
    """What a role may do with a table."""
    found = {"SELECT"}
    if table not in ONLY_READ and not (role == JOBS and table in READ_BY_JOBS):
        found |= {"INSERT"} if table in ONLY_ADDED else {"INSERT", "UPDATE"}
        if table in DELETED or (role == JOBS and table in TIDIED):
            found.add("DELETE")
    return frozenset(found)


def grant(connection: Connection) -> list[str]:
    """Give the roles that exist their rights on the tables of whoever asks, and take what they have beyond them.

    Gives the roles that exist.
    """
    roles = list(connection.execute(_THERE, {"roles": list(ROLES)}).scalars())
    held: dict[tuple[str, str], set[str]] = {}
    for role, table, right in connection.execute(_HELD, {"roles": roles}):
        held.setdefault((role, table), set()).add(right)
    for table in connection.execute(_TABLES).scalars().all():
        for role in roles:
            wanted, has = rights(role, table), held.get((role, table), set())
            if has - wanted:
                connection.execute(text(f"REVOKE {', '.join(sorted(has - wanted))} ON {table} FROM {role}"))
            if wanted - has:
                connection.execute(text(f"GRANT {', '.join(sorted(wanted - has))} ON {table} TO {role}"))
    return roles
