"""Every table of merchants is guarded, the roles may do what is declared, and who looks across merchants is named.

A new table with `merchant_id` fails here until its migration calls `guard` (migrations/guard.py).
"""

import re

import pytest
from flask import Flask
from sqlalchemy import text

from merchant_api.core.db import session
from merchant_api.core.roles import DELETED, JOBS, ONLY_ADDED, ONLY_READ, READ_BY_JOBS, ROLES, TIDIED, rights
from merchant_api.tables import METADATA
from tests.house.sources import sources

GUARDED = sorted(name for name, table in METADATA.tables.items() if "merchant_id" in table.c)
CLAIMED = {"channel_rounds", "channel_runs", "deliveries", "events", "levels"}
SETTING = "current_setting('orderbell.merchant'::text)"
THEIRS = f"(merchant_id = ({SETTING})::uuid)"
WHOSE = f"(NULLIF({SETTING}, 'across'::text))::uuid"
SEEN = f'(merchant_id = COALESCE(( SELECT {WHOSE} AS "nullif"), merchant_id))'
ACROSS = {
    "merchant_api/core/due.py": "finds the merchants with due work",
    "merchant_api/health/routes.py": "figures of the whole installation",
    "merchant_api/accounts/people.py": "the merchants that one person works for",
    "merchant_api/accounts/invitations.py": "what one person was invited to",
    "merchant_api/orders/find.py": "the orders of one person",
    "merchant_api/alerts/inbox.py": "what one person was told",
    "jobs/sweep.py": "finds the merchants with due work",
    "jobs/channels/send.py": "finds the channels of several merchants for which levels wait",
    "jobs/carry_out_refunds.py": "finds the merchants with refunds to carry out",
    "jobs/channels/poll.py": "finds the merchants with channels to be read, and leases rounds of several",
    "jobs/telling/fan_out.py": "claims events of several merchants in one statement",
    "jobs/channels/look.py": "leases looks at channels of several merchants in one statement",
    "jobs/channels/runs.py": "leases runs of several merchants in one statement",
    "jobs/sending/carrier.py": "claims deliveries of several merchants in one statement, and hands them back",
    "jobs/sending/deliver.py": "packs what was claimed in one claim",
}
POLICIES = text(
    "SELECT policyname, permissive, roles::text, cmd, btrim(regexp_replace(qual, '\\s+', ' ', 'g')), "
    "btrim(regexp_replace(with_check, '\\s+', ' ', 'g')) "
    "FROM pg_policies WHERE schemaname = 'public' AND tablename = :table"
)
SWITCHES = text("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = CAST(:table AS regclass)")
HELD = text(
    "SELECT r.rolname, c.relname, array_agg(a.privilege_type) FROM pg_class c, aclexplode(c.relacl) a "
    "JOIN pg_roles r ON r.oid = a.grantee WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace "
    "AND r.rolname = ANY(:roles) GROUP BY 1, 2"
)


@pytest.mark.parametrize("table", GUARDED)
def test_a_table_of_merchants_is_guarded_against_its_owner_too(database: Flask, table: str):
    written = SEEN if table in CLAIMED else THEIRS

    assert session().execute(SWITCHES, {"table": table}).one() == (True, True)
    assert {tuple(row) for row in session().execute(POLICIES, {"table": table})} == {
        ("of_merchant", "PERMISSIVE", "{public}", "ALL", SEEN, written),
        ("deleted_by_merchant", "RESTRICTIVE", "{public}", "DELETE", THEIRS, None),
    }


def test_the_roles_may_do_what_is_declared_and_nothing_else(database: Flask):
    held = {(role, table): set(all_) for role, table, all_ in session().execute(HELD, {"roles": list(ROLES)})}
    tables = {*METADATA.tables, "alembic_version"}

    assert held == {(role, table): rights(role, table) for role in ROLES for table in tables}
    assert {"TRUNCATE", "REFERENCES", "TRIGGER"}.isdisjoint(set().union(*held.values()))


def test_what_is_declared_of_the_roles_is_about_tables_that_exist():
    assert set(METADATA.tables) | ONLY_READ >= ONLY_READ | ONLY_ADDED | DELETED | TIDIED | READ_BY_JOBS
    assert not {table for table in ONLY_ADDED if {"UPDATE", "DELETE"} & rights(JOBS, table)}


def test_what_no_trigger_lets_change_no_role_may_change(database: Flask):
    kept = text("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%\\_append\\_only'")

    assert set(session().execute(kept).scalars()) == ONLY_ADDED


@pytest.mark.parametrize("role", ROLES)
def test_a_role_passes_no_guard_and_makes_nothing(database: Flask, role: str):
    able = text("SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = :role")
    owns = text("SELECT count(*) FROM pg_class WHERE relowner = CAST(:role AS regrole)")
    makes = text("SELECT has_schema_privilege(:role, 'public', 'CREATE')")

    assert session().execute(able, {"role": role}).one() == (False, False, False, False)
    assert session().execute(owns, {"role": role}).scalar_one() == 0
    assert session().execute(makes, {"role": role}).scalar_one() is False


def test_nothing_runs_with_the_rights_of_who_made_it(database: Flask):
    functions = text(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
        "AND (prosecdef OR (prolang <> 14 AND proname <> 'refuse_change' AND proconfig IS NULL))"
    )
    views = text("SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace")

    assert session().execute(functions).all() == session().execute(views).all() == []


def test_who_looks_across_merchants_is_named():
    looking = re.compile(r"\bacross_merchants\(\)|\bACROSS\b")
    found = {source.path for source in sources("merchant_api", "jobs") if looking.search(source.text)}

    assert found - {"merchant_api/core/tenancy.py"} == set(ACROSS)
