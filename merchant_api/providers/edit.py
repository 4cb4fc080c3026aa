"""A merchant's payment providers: set up, changed, ended, listed. What is secret goes in and never comes out."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, func, select

from merchant_api.accounts.lock import lock_merchant
from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.errors import Invalid, NotFound
from merchant_api.core.ids import new_id
from merchant_api.core.log import log
from merchant_api.core.paging import Page, Window, newest_first
from merchant_api.providers import kinds, sealed
from merchant_api.providers.errors import NotOfThisKind, TooManyProviders
from merchant_api.providers.models import PaymentProvider
from merchant_api.providers.states import ProviderKind

MOST = 20
DAY_S = 86_400
_log = log(__name__)


@dataclass(frozen=True, slots=True)
class New:
    """A provider to be set up; secrets in no repr."""

    kind: ProviderKind
    name: str
    secret: str = field(repr=False)
    api_key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ProviderChanges:
    """What shall be otherwise; a new secret leaves the old ones good for a while. An empty key takes it away."""

    name: str | None = None
    secret: str | None = field(default=None, repr=False)
    old_valid_for_s: int = DAY_S
    api_key: str | None = field(default=None, repr=False)


def add(merchant_id: UUID, new: New, actor: Actor) -> PaymentProvider:
    """Set a provider up; raises NotFound for an unknown merchant, NotOfThisKind, TooManyProviders."""
    lock_merchant(merchant_id)  # two who add at once are counted one after the other
    number = select(func.count()).where(PaymentProvider.merchant_id == merchant_id, PaymentProvider.ended_at.is_(None))
    if session().execute(number).scalar_one() >= MOST:
        raise TooManyProviders(most=MOST)
    instant = clock.now()
    row = PaymentProvider(
        merchant_id=merchant_id,
        id=new_id(),
        kind=new.kind,
        name=new.name,
        created_by=actor.stamp(),
        created_at=instant,
        changed_at=instant,
        ended_at=None,
    )
    _put(row, new.secret, new.api_key, 0)
    session().add(row)
    session().flush()
    _log.info("payment_provider.added", merchant=str(merchant_id), provider=str(row.id), by=actor.id)
    return row


def change(merchant_id: UUID, provider_id: UUID, changes: ProviderChanges, actor: Actor) -> PaymentProvider:
    """Change a provider; raises NotFound, also for one that has ended, or NotOfThisKind."""
    row = _locked(merchant_id, provider_id)
    row.name = changes.name or row.name
    _put(row, changes.secret, changes.api_key, changes.old_valid_for_s)
    row.changed_at = clock.now()
    _log.info("payment_provider.changed", merchant=str(merchant_id), provider=str(row.id), by=actor.id)
    return row


def end(merchant_id: UUID, provider_id: UUID, actor: Actor) -> None:
    """End a provider: it is not listened to any more. What came through it stays. Raises NotFound."""
    row = _locked(merchant_id, provider_id)
    sealed.forget(row)
    row.ended_at = row.changed_at = clock.now()
    _log.info("payment_provider.ended", merchant=str(merchant_id), provider=str(row.id), by=actor.id)


def page(merchant_id: UUID, at: Window) -> Page[PaymentProvider]:
    """A merchant's providers that have not ended, newest first."""
    rows = select(PaymentProvider).where(PaymentProvider.merchant_id == merchant_id, PaymentProvider.ended_at.is_(None))
    return newest_first(rows, PaymentProvider.id, at)


def find(merchant_id: UUID, provider_id: UUID) -> PaymentProvider | None:
    """One provider that has not ended."""
    return session().execute(_live(merchant_id, provider_id)).scalar_one_or_none()


def _live(merchant_id: UUID, provider_id: UUID) -> Select[PaymentProvider]:
    return select(PaymentProvider).where(
        PaymentProvider.merchant_id == merchant_id,
        PaymentProvider.id == provider_id,
        PaymentProvider.ended_at.is_(None),
    )


def _locked(merchant_id: UUID, provider_id: UUID) -> PaymentProvider:
    locking = _live(merchant_id, provider_id).with_for_update(key_share=True)
    row = session().execute(locking.execution_options(populate_existing=True)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def _put(row: PaymentProvider, secret: str | None, api_key: str | None, old_valid_for_s: int) -> None:
    kind = kinds.of(row.kind)
    if secret is not None:
        try:
            kind.check_secret(secret)
        except ValueError as error:
            raise Invalid(errors={"secret": [str(error)]}) from None
        sealed.put_secret(row, secret, old_valid_for_s)
    if api_key and not kind.can_refund:
        raise NotOfThisKind(errors={"api_key": ["Providers of this kind have no API that is called."]})
    if api_key is not None:
        sealed.put_api_key(row, api_key or None)
