"""Give money back: by the API of the provider through which it came, where it has one, else by hand."""

from uuid import UUID

from sqlalchemy import select

from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.orders.money import refund
from merchant_api.orders.money.refund import RefundAsked, Refunded
from merchant_api.orders.payment_models import Payment
from merchant_api.providers import edit, kinds
from merchant_api.providers.models import PaymentProvider


def give_back(merchant_id: UUID, payment_id: UUID, wish: RefundAsked, actor: Actor) -> Refunded:
    """Give money of a payment back; raises as `refund` does. `by_hand` says that it went back already."""
    provider = None if wish.by_hand else _provider(merchant_id, payment_id)
    return refund.refund(merchant_id, payment_id, wish, actor, None if provider is None else provider.id)


def _provider(merchant_id: UUID, payment_id: UUID) -> PaymentProvider | None:
    """The provider that carries it out."""
    rows = select(Payment.provider_id).where(Payment.merchant_id == merchant_id, Payment.id == payment_id)
    provider_id = session().execute(rows).scalar_one_or_none()
    provider = None if provider_id is None else edit.find(merchant_id, provider_id)
    return provider if provider is not None and can_refund(provider) else None


def can_refund(provider: PaymentProvider) -> bool:
    """Whether its API gives money back for us."""
    return provider.has_api_key and kinds.of(provider.kind).can_refund
