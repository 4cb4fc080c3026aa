"""Idempotency keys: the same call twice has one effect and one answer.

A key is claimed in the transaction of its effect and its answer is stored with it, so that a client which lost the
reply asks again and gets the same bytes. Refusals change nothing and are not stored (DESIGN.md 6).
"""

import dataclasses
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Request
from sqlalchemy import Index, PrimaryKeyConstraint, delete, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped

from merchant_api.core import clock, tenancy
from merchant_api.core.actor import Actor
from merchant_api.core.answer import Answer
from merchant_api.core.columns import Blob, Id, Instant, Words
from merchant_api.core.db import Model, session, sqlstate
from merchant_api.core.errors import Conflict, Invalid
from merchant_api.core.scope import Given, scope_of
from merchant_api.core.seal import Unsealable
from merchant_api.core.sealed_field import SealedField

KEPT_H = 72
_KEY = re.compile(r"^[\x21-\x7e]{1,255}$")
LOCK_NOT_AVAILABLE = "55P03"


class IdempotencyKey(Model):
    """One row: the answer that a key got, for 72 hours."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "actor_id", "scope", "key"),
        Index(None, "merchant_id", "claimed_at"),
    )

    merchant_id: Mapped[Id]
    actor_id: Mapped[Words]
    scope: Mapped[Words]
    key: Mapped[Words]
    fingerprint: Mapped[Blob]
    status: Mapped[int | None]
    body: Mapped[Blob | None]
    claimed_at: Mapped[Instant]


_BODY = SealedField(IdempotencyKey, "body")


class BadKey(Invalid):
    """An Idempotency-Key is 1 to 255 visible ASCII characters, sent once."""

    code = "bad_idempotency_key"


class KeyReused(Invalid):
    """This Idempotency-Key was used for another body; take a new one."""

    code = "idempotency_key_reused"


class KeyInUse(Conflict):
    """A call with this Idempotency-Key is still running; ask again shortly."""

    code = "idempotency_key_in_use"


class AnswerLost(Conflict):
    """The call was carried out, but its answer held a secret and can't be shown again; take a new key."""

    code = "idempotency_answer_lost"


@dataclass(frozen=True, slots=True)
class Claim:
    """A key as a call brought it: scoped to merchant, actor, method and resource."""

    merchant_id: UUID
    actor_id: str
    scope: str
    key: str
    fingerprint: bytes
    is_secret: bool = False

    @property
    def row(self) -> tuple[UUID, str, str, str]:
        """The primary key of its row."""
        return (self.merchant_id, self.actor_id, self.scope, self.key)


def claim_of(request: Request, merchant_id: UUID | None, actor: Actor, given: Given) -> Claim | None:
    """The claim that a request brings; raises BadKey. Where there is no merchant yet, a person stands for it."""
    values = request.headers.getlist("Idempotency-Key")
    if not values or merchant_id is None:
        return None
    key = values[0].strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if len(values) > 1 or not _KEY.match(key):
        raise BadKey
    rule = "" if request.url_rule is None else request.url_rule.rule
    scope = scope_of(request.method, rule, request.view_args or {})
    return Claim(merchant_id, f"{actor.role}:{actor.id}", scope, key, given.fingerprint())


def as_secret(claim: Claim) -> Claim:
    """The same claim for an answer that carries a secret: it is stored sealed."""
    return dataclasses.replace(claim, is_secret=True)


def take(claim: Claim) -> Answer | None:
    """Claim the key in this transaction, or give the answer it already has; waits for a rival call to end."""
    row = {
        "merchant_id": claim.merchant_id,
        "actor_id": claim.actor_id,
        "scope": claim.scope,
        "key": claim.key,
        "fingerprint": claim.fingerprint,
        "claimed_at": clock.now(),
    }
    statement = insert(IdempotencyKey).values(row).on_conflict_do_nothing().returning(IdempotencyKey.key)
    try:
        with tenancy.of_merchant(claim.merchant_id):
            if session().execute(statement).scalar_one_or_none() is not None:
                return None
    except OperationalError as error:
        if sqlstate(error) == LOCK_NOT_AVAILABLE:
            raise KeyInUse(retry_after=1) from error
        raise
    return find(claim)


def find(claim: Claim) -> Answer | None:
    """The stored answer of a key, if there is one; raises KeyReused."""
    with tenancy.of_merchant(claim.merchant_id):
        row = session().execute(select(IdempotencyKey).where(*_is(claim))).scalar_one_or_none()
    if row is None or row.status is None or row.body is None:
        return None
    if row.fingerprint != claim.fingerprint:
        raise KeyReused
    return Answer(row.status, _opened(row.body, claim) if claim.is_secret else row.body)


def _opened(body: bytes, claim: Claim) -> bytes:
    try:
        return _BODY.open(body, *claim.row)
    except Unsealable as error:
        raise AnswerLost from error


def keep(claim: Claim, answer: Answer) -> None:
    """Store the answer beside its effect."""
    body = _BODY.close(answer.body, *claim.row) if claim.is_secret else answer.body
    with tenancy.of_merchant(claim.merchant_id):
        session().execute(update(IdempotencyKey).where(*_is(claim)).values(status=answer.status, body=body))


def forget(merchant_id: UUID, before: datetime, limit: int = 1000) -> int:
    """Delete up to `limit` of a merchant's keys claimed before an instant; gives the number. Call until it gives 0."""
    whole = (IdempotencyKey.actor_id, IdempotencyKey.scope, IdempotencyKey.key)
    old = select(*whole).where(IdempotencyKey.merchant_id == merchant_id, IdempotencyKey.claimed_at < before)
    oldest = old.order_by(IdempotencyKey.claimed_at).limit(limit)
    gone = delete(IdempotencyKey).where(IdempotencyKey.merchant_id == merchant_id, tuple_(*whole).in_(oldest))
    return len(session().execute(gone.returning(IdempotencyKey.key)).all())


def _is(claim: Claim) -> tuple[Any, ...]:
    return (
        IdempotencyKey.merchant_id == claim.merchant_id,
        IdempotencyKey.actor_id == claim.actor_id,
        IdempotencyKey.scope == claim.scope,
        IdempotencyKey.key == claim.key,
    )
