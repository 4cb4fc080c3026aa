"""An API key becomes an Actor by one SELECT, with what it may at this moment (`accounts/key_rights.py`).

A key of another merchant finds nothing there, and on URLs without a merchant it may do nothing.
"""

import hmac
from uuid import UUID

from sqlalchemy import and_, bindparam, select

from merchant_api.accounts import tokens
from merchant_api.accounts.key_models import ApiKey
from merchant_api.accounts.key_rights import Maker, rights_of
from merchant_api.accounts.models import Member, Person
from merchant_api.core import tenancy
from merchant_api.core.actor import Actor, Role
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound, Unauthenticated

# Built once: every request of a program asks it first. The maker of a key that is not bound is not looked for.
_KEY = (
    select(
        ApiKey.id,
        ApiKey.merchant_id,
        ApiKey.name,
        ApiKey.secret_hash,
        ApiKey.permissions,
        ApiKey.is_bound,
        Member.role,
        Member.granted,
        Member.withheld,
        Person.disabled_at,
    )
    .outerjoin(
        Member,
        and_(ApiKey.is_bound, Member.merchant_id == ApiKey.merchant_id, Member.person_id == ApiKey.made_by),
    )
    .outerjoin(Person, and_(ApiKey.is_bound, Person.id == ApiKey.made_by))
    .where(ApiKey.merchant_id == bindparam("merchant"), ApiKey.id == bindparam("key_id"), ApiKey.revoked_at.is_(None))
)


def integration(key: tokens.KeyText, merchant_id: UUID | None) -> Actor:
    """The actor of a key; raises Unauthenticated, or NotFound at another merchant than its own."""
    with tenancy.of_merchant(key.merchant_id):  # its own, whatever the URL names
        row = session().execute(_KEY, {"merchant": key.merchant_id, "key_id": key.key_id}).one_or_none()
    if row is None or not hmac.compare_digest(row.secret_hash, tokens.sha256(key.secret)):
        raise Unauthenticated
    maker = Maker(row.role, row.granted, row.withheld, row.disabled_at is not None) if row.is_bound else None
    rights = rights_of(row.permissions, maker)
    if rights is None:
        raise Unauthenticated
    if merchant_id is not None and merchant_id != row.merchant_id:
        raise NotFound
    return Actor(
        role=Role.INTEGRATION,
        id=str(row.id),
        name=row.name,
        merchant_id=row.merchant_id,
        is_known=True,
        permissions=frozenset() if merchant_id is None else rights,
    )
