"""A merchant's API keys as they are shown: with who made them, and what they may at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts.key_models import ApiKey
from merchant_api.accounts.key_rights import Maker, rights_of
from merchant_api.accounts.models import Member, Person
from merchant_api.core.db import session
from merchant_api.core.paging import Page, Window, newest_first


@dataclass(frozen=True, slots=True)
class KeyMaker:
    """Who made a key."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class KeyShown:
    """A key without its text."""

    id: UUID
    name: str
    permissions: Sequence[str]
    allowed_now: Sequence[str]
    made_by: KeyMaker | None
    is_bound: bool
    created_at: datetime
    revoked_at: datetime | None


def list_keys(merchant_id: UUID, at: Window) -> Page[KeyShown]:
    """A page of the merchant's keys, revoked ones included, newest first."""
    page = newest_first(select(ApiKey).where(ApiKey.merchant_id == merchant_id), ApiKey.id, at)
    ids = {key.made_by for key in page.items if key.made_by is not None}
    people = {each.id: each for each in session().execute(select(Person).where(Person.id.in_(ids))).scalars()}
    rows = select(Member).where(Member.merchant_id == merchant_id, Member.person_id.in_(ids))
    members = {each.person_id: each for each in session().execute(rows).scalars()}
    return Page([_shown(key, people, members) for key in page.items], page.next)


def living_of(merchant_id: UUID, person_id: UUID) -> list[ApiKey]:
    """The keys that a person made here and nobody revoked, the oldest first."""
    hers = select(ApiKey).where(
        ApiKey.merchant_id == merchant_id, ApiKey.made_by == person_id, ApiKey.revoked_at.is_(None)
    )
    return list(session().execute(hers.order_by(ApiKey.id)).scalars())


def _shown(key: ApiKey, people: dict[UUID, Person], members: dict[UUID, Member]) -> KeyShown:
    person = None if key.made_by is None else people.get(key.made_by)
    maker = None
    if key.is_bound and key.made_by is not None:
        member = members.get(key.made_by)
        is_disabled = person is None or person.disabled_at is not None
        maker = Maker(None, (), (), is_disabled)
        if member is not None:
            maker = Maker(member.role, member.granted, member.withheld, is_disabled)
    allowed = None if key.revoked_at is not None else rights_of(key.permissions, maker)
    return KeyShown(
        id=key.id,
        name=key.name,
        permissions=key.permissions,
        allowed_now=sorted(allowed or ()),
        made_by=None if person is None else KeyMaker(person.id, person.name),
        is_bound=key.is_bound,
        created_at=key.created_at,
        revoked_at=key.revoked_at,
    )
