"""The locks of this feature: a merchant's own row, its members as a whole, and a person, taken before sign-ins."""

from uuid import UUID

from sqlalchemy import Select, select

from merchant_api.accounts.models import Member, Merchant, Person
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound


def lock_merchant(merchant_id: UUID) -> Merchant:
    """The merchant's row, as it is now; orders and stock go on meanwhile. Raises NotFound."""
    return _found(select(Merchant).where(Merchant.id == merchant_id).with_for_update(key_share=True))


def lock_merchant_alone(merchant_id: UUID) -> Merchant:
    """As before, and keeps away every new row that would point at the merchant, as a first product."""
    return _found(select(Merchant).where(Merchant.id == merchant_id).with_for_update())


def _found(statement: Select[Merchant]) -> Merchant:
    merchant = session().execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()
    if merchant is None:
        raise NotFound
    return merchant


def lock_members(merchant_id: UUID) -> list[Member]:
    """All members of the merchant, so that two owners who remove each other at once don't both succeed."""
    statement = (
        select(Member)
        .where(Member.merchant_id == merchant_id)
        .order_by(Member.person_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(session().execute(statement).scalars())


def lock_member(merchant_id: UUID, person_id: UUID) -> Member | None:
    """One member as she is now; until the transaction ends she is neither changed nor removed."""
    one = select(Member).where(Member.merchant_id == merchant_id, Member.person_id == person_id)
    one = one.with_for_update(read=True).execution_options(populate_existing=True)
    return session().execute(one).scalar_one_or_none()


def lock_person(person_id: UUID) -> Person:
    """The person's row, as it is now: her password and her sign-ins change one after the other. Raises NotFound."""
    one = select(Person).where(Person.id == person_id).with_for_update(key_share=True)
    person = session().execute(one.execution_options(populate_existing=True)).scalar_one_or_none()
    if person is None:
        raise NotFound
    return person


def lock_password(person_id: UUID, password_hash: str | None) -> bool:
    """Whether this is her password still and she may sign in; until the transaction ends it stays so."""
    same = select(Person.id).where(
        Person.id == person_id, Person.password_hash == password_hash, Person.disabled_at.is_(None)
    )
    return session().execute(same.with_for_update(read=True)).scalar_one_or_none() is not None
