"""The application without its own conditions on `merchant_id`: they are cut out of every statement that it sends.

What is left is joins, and what the database keeps by itself. An experiment: it must change nothing for anybody.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from merchant_api.core import tenancy
from tests.http.carts.conftest import Window

_GIVEN = r"%\(\w+\)s(?:::UUID)?(?:\[\])?"
_ITS_OWN = re.compile(rf"\b(?:\w+\.)?merchant_id (?:= {_GIVEN}|= ANY ?\({_GIVEN}\)|IN \([^()]*\))")


class Scissors:
    """Cuts, and counts."""

    def __init__(self) -> None:
        self.cuts = 0

    def cut(self, _connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> tuple[str, Any]:
        if tenancy.whose() is None:  # the suite's own
            return statement, parameters
        statement, cuts = _ITS_OWN.subn("TRUE", statement)
        self.cuts += cuts
        return statement, parameters


@pytest.fixture(autouse=True)
def scissors(database: Any) -> Iterator[Scissors]:
    made = Scissors()
    event.listen(Engine, "before_cursor_execute", made.cut, retval=True)
    yield made
    event.remove(Engine, "before_cursor_execute", made.cut)
    assert made.cuts, "nothing was cut, so nothing was tried"


@pytest.fixture
def shop(client: FlaskClient) -> Window:
    return Window(client)
