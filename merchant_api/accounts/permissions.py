"""What each role may do at a merchant: one table. Every endpoint declares one of these words (DESIGN.md 6).

Customers hold the reading and cancelling of orders for their own only; the queries see to that.
"""

from collections.abc import Iterable

from merchant_api.core.actor import Role

CUSTOMER = frozenset({"merchant.read", "products.read", "orders.place", "orders.read", "orders.cancel"})
SELLING = CUSTOMER | frozenset(
    {
        "products.edit",
        "stock.read",
        "stock.edit",
        "sessions.count",
        "sessions.adjust",
        "orders.decide",
        "orders.pay",
        "orders.fulfil",
        "channels.read",
        "channels.work",
        "channels.edit",
    }
)
OWNING = SELLING | frozenset(
    {
        "merchant.edit",
        "members.read",
        "members.edit",
        "keys.read",
        "keys.edit",
        "alerts.read",
        "providers.read",
        "providers.edit",
        "sessions.promote",
    }
)
PLATFORM = OWNING | frozenset({"merchants.open"})

# What an integration can be given: nothing that would let a key make itself stronger.
GRANTABLE = SELLING

_OF_ROLE: dict[Role, frozenset[str]] = {
    Role.OWNER: OWNING,
    Role.CLERK: SELLING - frozenset({"products.edit", "channels.edit"}),
    Role.CUSTOMER: CUSTOMER,
    Role.STAFF: PLATFORM,
    Role.INTEGRATION: GRANTABLE,
    Role.JOB: frozenset(),
    Role.NOBODY: frozenset(),
}


def of_member(role: Role, granted: Iterable[str], withheld: Iterable[str]) -> frozenset[str]:
    """What one member may do: as the role, with what was granted and without what was withheld."""
    return (_OF_ROLE[role] | (OWNING & frozenset(granted))) - frozenset(withheld)


def of_role(role: Role) -> frozenset[str]:
    """Everything that the role may do; an integration has at most this, and in truth what its key was given."""
    return _OF_ROLE[role]
