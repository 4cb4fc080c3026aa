"""The keys of a member who leaves: they end with the membership, or are kept and stand by themselves from then on.

A kept key may what it might at this moment, not what was taken from its maker before. Her lock is held (`lock.py`).
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts.key_models import ApiKey
from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.log import log

_log = log(__name__)


def revoke(merchant_id: UUID, person_id: UUID, actor: Actor) -> None:
    """Revoke every key that is bound to her."""
    for key in _bound_to(merchant_id, person_id):
        _revoke(key, actor)


def keep(merchant_id: UUID, person_id: UUID, held: frozenset[str], actor: Actor) -> None:
    """Let her keys go on, with what they have of `held`, which she might until now; one that has none is revoked."""
    for key in _bound_to(merchant_id, person_id):
        allowed = sorted(held & frozenset(key.permissions))
        if not allowed:
            _revoke(key, actor)
            continue
        key.permissions, key.is_bound = allowed, False
        _log.info("integration.kept", merchant=str(merchant_id), integration=str(key.id), by=actor.id)


def _bound_to(merchant_id: UUID, person_id: UUID) -> Sequence[ApiKey]:
    bound = (
        select(ApiKey)
        .where(ApiKey.merchant_id == merchant_id, ApiKey.made_by == person_id)
        .where(ApiKey.is_bound, ApiKey.revoked_at.is_(None))
        .order_by(ApiKey.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session().execute(bound).scalars().all()


def _revoke(key: ApiKey, actor: Actor) -> None:
    key.revoked_at = clock.now()
    _log.info(
        "integration.revoked",
        merchant=str(key.merchant_id),
        integration=str(key.id),
        made_by=str(key.made_by),
        by=actor.id,
    )
