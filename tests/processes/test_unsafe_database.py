"""Commands on an unsafe database: what serves and works refuses to start, what prepares does not."""

import pytest

from merchant_api.core.embedded.server import USER
from tests.processes.start import run
from tests.tenancy import as_role


def superuser(given):
    """The same as a role that may do everything, where an unsafe database is refused."""
    return {"DATABASE_URL": as_role(given["DATABASE_URL"], USER), "ORDERBELL_ALLOW_UNSAFE_DATABASE": "0"}


@pytest.mark.parametrize("command", ["up", "serve", "jobs"])
def test_who_would_serve_from_an_unsafe_database_does_not_start_and_says_why(given, command):
    done = run(given | superuser(given), command)

    lines = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    assert done.returncode == 2
    assert lines[0].startswith("orderbell: DATABASE_URL leads to an unsafe database")
    assert [line.split(",")[0].strip() for line in lines[1:]] == ["fsync is off", f'the role "{USER}" is a superuser']


def test_migrating_as_a_superuser_is_no_fault(given):
    done = run(given | superuser(given), "migrate")

    assert (done.returncode, done.stdout.strip()) == (0, "Schema up to date.")
