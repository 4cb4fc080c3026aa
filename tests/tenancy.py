"""How the suite meets row-level security: through the application's own roles, which it steps out of for itself.

Apps under test sign in as the role that they have in production. What they do for a call, a job or a command runs as
that role, for the merchant whom they state. What a test or a factory asks beside, stating nothing, runs as the
superuser (SET LOCAL ROLE), who sees and writes everything; in production such a statement would find no row.
"""

from sqlalchemy import select

from merchant_api.accounts.models import Merchant
from merchant_api.core import roles, tenancy
from merchant_api.core.db import db
from merchant_api.core.embedded.server import USER
from merchant_api.core.roles import APP, JOBS
from merchant_api.core.tenancy import NOBODY, Whose

OWNER = "orderbell_owner"
ROLES = (OWNER, APP, JOBS)
MAKE_ROLES = [f"CREATE ROLE {role} LOGIN NOINHERIT IN ROLE {USER}" for role in ROLES]
SUITE = Whose("suite")
_really = tenancy.opening


def _opening(whose: Whose | None) -> str:
    if whose in (None, SUITE):
        return f"SET LOCAL ROLE {USER}; {_really(NOBODY)}"
    return f"SET LOCAL ROLE NONE; {_really(whose)}"


def step_out() -> None:
    """From now on what states nothing is the suite's."""
    tenancy.opening = _opening


def of_the_test() -> Whose:
    """Of the merchant of a test that has one, for a verb that is run as an endpoint or a job would run it; a test of
    several does not say whose a verb is, which then has the suite's rights.
    """
    with db.engine.connect() as connection:
        found = connection.execute(select(Merchant.id).limit(2)).scalars().all()
    return tenancy.of(found[0]) if len(found) == 1 else SUITE


def as_role(url: str, role: str = APP) -> str:
    """The same database for another role."""
    return roles.as_role(url, role)
