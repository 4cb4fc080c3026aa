"""Who acts: passed to every verb, never fetched from a global."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What an actor is towards one merchant."""

    OWNER = "owner"
    CLERK = "clerk"
    CUSTOMER = "customer"
    STAFF = "staff"
    INTEGRATION = "integration"
    JOB = "job"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, an API key or a job. `person_id` is set for people only; `id` tells actors of all kinds apart."""

    role: Role
    id: str
    name: str
    person_id: UUID | None = None
    merchant_id: UUID | None = None
    is_known: bool = False  # is a member or has been a customer of the merchant
    is_proven: bool = False  # a customer of whom the merchant wants no proof, or has it
    permissions: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_seller(self) -> bool:
        """Members, platform staff and integrations: they sell, and may act for a customer."""
        return self.role in (Role.OWNER, Role.CLERK, Role.STAFF, Role.INTEGRATION)

    @property
    def may_be_unproven(self) -> bool:
        """A customer who was not proven when he came in: what he has at once has to be read."""
        return self.role is Role.CUSTOMER and not self.is_proven

    def may(self, permission: str) -> bool:
        """Whether the actor holds the permission at this merchant."""
        return permission in self.permissions

    def stamp(self) -> dict[str, str]:
        """How rows and replies name the actor: {kind, id, name}."""
        return {"kind": self.role.value, "id": self.id, "name": self.name}


NOBODY = Actor(role=Role.NOBODY, id="nobody", name="")


def job(name: str) -> Actor:
    """The actor of a scheduled job."""
    return Actor(role=Role.JOB, id=name, name=name)
