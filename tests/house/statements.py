"""Watches every statement of the suite: one of ours on business tables that does not name its merchant fails the test.

A plugin of pytest. Statements of tests and factories are not ours; of jobs in processes of their own nothing is seen.
"""

import re
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.house.sources import ROOT
from tests.house.test_tables import BUSINESS, MERCHANTS

# Who may read over merchants, by file and function ("*" is every one), and why.
ALLOWED = {
    ("merchant_api/core/due.py", "*"): "finds the merchants with due work",
    ("merchant_api/core/migrate.py", "*"): "migrations change the rows of every merchant",
    ("merchant_api/health/routes.py", "_queues"): "figures of the whole installation",
    ("merchant_api/accounts/merchants.py", "list_merchants"): "the list of merchants",
    ("merchant_api/accounts/people.py", "memberships_of"): "the merchants that one person works for",
    ("merchant_api/accounts/invitations.py", "of_person"): "what one person was invited to",
    ("merchant_api/orders/find.py", "mine"): "the orders of one person",
    ("merchant_api/alerts/inbox.py", "of_person"): "what one person was told",
    ("merchant_api/alerts/inbox.py", "see"): "finds the merchant of what one person was told",
    ("jobs/tidy.py", "_page"): "walks over all merchants, a page at a time",
}
_TABLE = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO|USING)\s+(?:ONLY\s+)?\"?([a-z_]+)\"?", re.IGNORECASE)
_VALUE = r"\s*(=|IN\b|= ANY)\s*(\(|CAST\(|ANY\s*\()*\s*%\("
_NAMED = re.compile(rf"\bmerchant_id\"?{_VALUE}|\bINTO\s+\w+\s*\([^)]*\bmerchant_id\b", re.IGNORECASE)
_OF_MERCHANTS = re.compile(rf"\b((merchants|m)\.)?id{_VALUE}|\bINTO\s+merchants\b", re.IGNORECASE)
_OURS = tuple(str(ROOT / name) for name in ("merchant_api", "jobs"))
_ON_BEHALF = ("core/db.py", "core/paging.py")  # they execute what others ask
_TESTS = str(ROOT / "tests")

_seen: list[str] = []


@cache
def names_its_merchant(statement: str) -> bool:
    """Whether a statement touches no business table, or says whose rows it means."""
    tables = set(_TABLE.findall(statement.lower()))
    if tables & set(BUSINESS):
        return bool(_NAMED.search(statement))
    return MERCHANTS not in tables or bool(_OF_MERCHANTS.search(statement) or _NAMED.search(statement))


def _origin() -> tuple[str, str] | None:
    """The file and function of ours from which the statement comes; None where a test asked."""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(_OURS):
            if not name.endswith(_ON_BEHALF):
                return name.removeprefix(f"{ROOT}/"), frame.f_code.co_name
        elif name.startswith(_TESTS):
            return None
        frame = frame.f_back
    return None


def _watch(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    if names_its_merchant(statement):
        return
    origin = _origin()
    if origin is not None and origin not in ALLOWED and (origin[0], "*") not in ALLOWED:
        _seen.append(f"{origin[0]}, {origin[1]}(): {statement}")


event.listen(Engine, "before_cursor_execute", _watch)


@pytest.fixture(autouse=True)
def _statements_name_their_merchant() -> Iterator[None]:
    _seen.clear()
    yield
    assert _seen == [], "a statement on business tables does not name its merchant (see tests/house/statements.py)"
