"""API keys: a program's way in, shown once, kept as a hash, revoked at once; never stronger than who made it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts import tokens
from merchant_api.accounts.errors import NotGrantable
from merchant_api.accounts.models import ApiKey
from merchant_api.accounts.permissions import GRANTABLE
from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.ids import new_id
from merchant_api.core.log import log
from merchant_api.core.paging import Page, Window, newest_first

_log = log(__name__)


@dataclass(frozen=True, slots=True)
class KeyAsked:
    """What a key shall be called and be allowed to do."""

    name: str
    permissions: list[str]


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made: the only moment in which its text exists."""

    row: ApiKey
    key: str


def list_keys(merchant_id: UUID, at: Window) -> Page[ApiKey]:
    """A page of the merchant's keys, revoked ones included, newest first."""
    return newest_first(select(ApiKey).where(ApiKey.merchant_id == merchant_id), ApiKey.id, at)


def make_key(merchant_id: UUID, wish: KeyAsked, actor: Actor) -> NewKey:
    """Make a key; raises NotGrantable for what keys can't have or the actor does not hold."""
    wanted = frozenset(wish.permissions)
    refused = wanted - (GRANTABLE & actor.permissions)
    if refused:
        raise NotGrantable(errors={"permissions": [f"Not grantable: {', '.join(sorted(refused))}."]})
    text = tokens.KeyText(merchant_id, new_id(), tokens.new_secret())
    row = ApiKey(
        merchant_id=merchant_id,
        id=text.key_id,
        name=wish.name,
        secret_hash=tokens.sha256(text.secret),
        permissions=sorted(wanted),
        created_at=clock.now(),
        revoked_at=None,
    )
    session().add(row)
    _log.info("integration.added", merchant=str(merchant_id), integration=str(row.id), by=actor.id)
    return NewKey(row, str(text))


def revoke_key(merchant_id: UUID, key_id: UUID, actor: Actor) -> None:
    """Revoke a key; a second time changes nothing. Raises NotFound."""
    statement = select(ApiKey).where(ApiKey.merchant_id == merchant_id, ApiKey.id == key_id)
    row = session().execute(statement.with_for_update()).scalar_one_or_none()
    if row is None:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        _log.info("integration.revoked", merchant=str(merchant_id), integration=str(key_id), by=actor.id)
