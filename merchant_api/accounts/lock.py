"""The locks of this feature: a merchant's own row, and its members as a whole."""

from uuid import UUID

from sqlalchemy import Select, select

from merchant_api.accounts.models import Member, Merchant
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
