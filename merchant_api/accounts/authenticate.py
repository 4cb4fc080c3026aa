"""Who calls: an access token becomes an Actor by one SELECT, with what it may do at the URL's merchant.

API keys do in `accounts/integrations.py`.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Uuid, and_, bindparam, null, or_, select

from merchant_api.accounts import first_use, tokens
from merchant_api.accounts.integrations import integration
from merchant_api.accounts.models import Customer, Member, Merchant, Person
from merchant_api.accounts.permissions import of_member, of_role
from merchant_api.accounts.sign_in_models import AccessToken, SignIn
from merchant_api.core import clock, tenancy
from merchant_api.core.actor import Actor, Role
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound, Unauthenticated

Found = Row[*tuple[Any, ...]]
Ask = Select[*tuple[Any, ...]]
_PERSON = (
    Person.id,
    Person.name,
    Person.is_staff,
    Person.disabled_at,
    AccessToken.expires_at,
    AccessToken.watched_until,
    AccessToken.used_at,
    SignIn.ended_at,
    SignIn.expires_at.label("sign_in_expires_at"),
)


def _signed_in(*towards: ColumnElement[Any]) -> Ask:
    return (
        select(*_PERSON, *towards)
        .select_from(AccessToken)
        .join(SignIn, SignIn.id == AccessToken.sign_in_id)
        .join(Person, Person.id == AccessToken.person_id)
        .where(AccessToken.token_hash == bindparam("token_hash"))
    )


def _towards() -> Ask:
    merchant = bindparam("merchant", type_=Uuid())
    standing = (
        Merchant.id.label("merchant"),
        Member.role.label("member"),
        Member.granted.label("granted"),
        Member.withheld.label("withheld"),
        Customer.person_id.label("customer"),
        or_(Customer.is_trusted, Customer.has_bought).label("is_proven"),
    )
    return (
        _signed_in(*standing)
        .outerjoin(Merchant, Merchant.id == merchant)
        .outerjoin(Member, and_(Member.merchant_id == merchant, Member.person_id == AccessToken.person_id))
        .outerjoin(Customer, and_(Customer.merchant_id == merchant, Customer.person_id == AccessToken.person_id))
    )


# Built once: every request asks one of these first.
_PERSON_ALONE = _signed_in(
    null().label("merchant"), null().label("member"), null().label("customer"), null().label("is_proven")
)
_PERSON_TOWARDS = _towards()


def authenticate(token: str, merchant_id: UUID | None) -> Actor:
    """The actor of a bearer token; raises Unauthenticated, or NotFound where there is no such merchant for it."""
    key = tokens.key_of(token)
    if key is not None:
        return integration(key, merchant_id)
    if not tokens.is_access(token):
        raise Unauthenticated
    return _person(token, merchant_id)


def _person(token: str, merchant_id: UUID | None) -> Actor:
    row = _ask(token, merchant_id)
    if row is None or not _is_live(row):
        raise Unauthenticated
    if row.watched_until is not None and row.used_at is None and clock.now() <= row.watched_until:
        first_use.note(token)
    if merchant_id is not None and row.merchant is None:
        raise NotFound
    role = _role(row)
    return Actor(
        role=role,
        id=str(row.id),
        name=row.name,
        person_id=row.id,
        merchant_id=merchant_id,
        is_known=role is not Role.CUSTOMER or row.customer is not None,
        is_proven=bool(row.is_proven),
        permissions=_permissions(row, role),
    )


def _permissions(row: Found, role: Role) -> frozenset[str]:
    if role in (Role.OWNER, Role.CLERK) and (row.granted or row.withheld):
        return of_member(role, row.granted, row.withheld)
    return of_role(role)


def _ask(token: str, merchant_id: UUID | None) -> Found | None:
    given: dict[str, object] = {"token_hash": tokens.sha256(token)}
    if merchant_id is None:
        return session().execute(_PERSON_ALONE, given).one_or_none()
    with tenancy.of_merchant(merchant_id):
        return session().execute(_PERSON_TOWARDS, given | {"merchant": merchant_id}).one_or_none()


def _is_live(row: Found) -> bool:
    instant = clock.now()
    return (
        row.expires_at > instant and row.ended_at is None and row.sign_in_expires_at > instant and not row.disabled_at
    )


def _role(row: Found) -> Role:
    if row.is_staff:
        return Role.STAFF
    return Role.CUSTOMER if row.member is None else Role(row.member)
