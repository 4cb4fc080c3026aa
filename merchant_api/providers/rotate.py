"""Sealing providers' secrets anew under the newest secret key, so that the older one can be taken away."""

from uuid import UUID

from sqlalchemy import select

from merchant_api.core.db import session
from merchant_api.core.sealed_field import Turned, turned
from merchant_api.providers import sealed
from merchant_api.providers.models import PaymentProvider


def turn_providers(merchant_id: UUID) -> Turned:
    """Seal the secrets of a merchant's providers under the newest key; at most 20 of them have any."""
    live = select(PaymentProvider).where(PaymentProvider.merchant_id == merchant_id, PaymentProvider.ended_at.is_(None))
    rows = session().execute(live.order_by(PaymentProvider.id).with_for_update(key_share=True)).scalars().all()
    return turned(rows, sealed.seal_anew)
