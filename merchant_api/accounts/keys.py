"""API keys: a program's way in, shown once, kept as a hash, revoked at once; never stronger than who made it.

A key that a member made is bound to her: what it may at a moment is in `accounts/key_rights.py`, and it ends with her
membership (`accounts/leavers_keys.py`). A key of the platform's staff is bound to nobody.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts import tokens
from merchant_api.accounts.errors import NotGrantable
from merchant_api.accounts.key_models import ApiKey
from merchant_api.accounts.lock import lock_member
from merchant_api.accounts.people import permissions_of
from merchant_api.accounts.permissions import GRANTABLE
from merchant_api.core import clock
from merchant_api.core.actor import Actor, Role
from merchant_api.core.db import session
from merchant_api.core.errors import Forbidden, NotFound
from merchant_api.core.ids import new_id
from merchant_api.core.log import log

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


def make_key(merchant_id: UUID, wish: KeyAsked, actor: Actor) -> NewKey:
    """Make a key; raises NotGrantable for what keys can't have or the actor does not hold."""
    wanted = frozenset(wish.permissions)
    refused = wanted - (GRANTABLE & _held_by(merchant_id, actor))
    if refused:
        raise NotGrantable(errors={"permissions": [f"Not grantable: {', '.join(sorted(refused))}."]})
    text = tokens.KeyText(merchant_id, new_id(), tokens.new_secret())
    row = ApiKey(
        merchant_id=merchant_id,
        id=text.key_id,
        name=wish.name,
        secret_hash=tokens.sha256(text.secret),
        permissions=sorted(wanted),
        made_by=actor.person_id,
        is_bound=actor.role is not Role.STAFF,
        created_at=clock.now(),
        revoked_at=None,
    )
    session().add(row)
    _log.info("integration.added", merchant=str(merchant_id), integration=str(row.id), by=actor.id)
    return NewKey(row, str(text))


def _held_by(merchant_id: UUID, actor: Actor) -> frozenset[str]:
    """What the actor may give: a member is locked, so that no key is made for who is removed at this moment."""
    if actor.role is Role.STAFF:
        return actor.permissions
    member = None if actor.person_id is None else lock_member(merchant_id, actor.person_id)
    if member is None:
        raise Forbidden
    return actor.permissions & permissions_of(member)


def revoke_key(merchant_id: UUID, key_id: UUID, actor: Actor) -> None:
    """Revoke a key; a second time changes nothing. Raises NotFound."""
    statement = select(ApiKey).where(ApiKey.merchant_id == merchant_id, ApiKey.id == key_id)
    row = session().execute(statement.with_for_update()).scalar_one_or_none()
    if row is None:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        _log.info("integration.revoked", merchant=str(merchant_id), integration=str(key_id), by=actor.id)
