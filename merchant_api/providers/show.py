"""A provider as it is shown: never a secret, but how many are good, and what it is to be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from merchant_api.core import clock
from merchant_api.core.paging import Page, Window, newest_first
from merchant_api.core.seal import Unsealable
from merchant_api.providers import give_back, kinds, sealed
from merchant_api.providers.models import PaymentEvent, PaymentProvider
from merchant_api.providers.states import ProviderEventState


@dataclass(frozen=True, slots=True)
class ProviderView:
    """A provider, where its events go, and which it is to send."""

    row: PaymentProvider
    path: str
    events: Sequence[str]
    signing_secrets: int
    carries_out_refunds: bool


def view(row: PaymentProvider) -> ProviderView:
    """How a provider is shown."""
    return ProviderView(
        row=row,
        path=f"/v1/payment-events/{row.merchant_id}/{row.id}",
        events=kinds.of(row.kind).events,
        signing_secrets=_good_secrets(row),
        carries_out_refunds=give_back.can_refund(row),
    )


def events(merchant_id: UUID, state: ProviderEventState | None, at: Window) -> Page[PaymentEvent]:
    """What providers told, newest first."""
    rows = select(PaymentEvent).where(PaymentEvent.merchant_id == merchant_id)
    if state is not None:
        rows = rows.where(PaymentEvent.state == state)
    return newest_first(rows, PaymentEvent.id, at)


def _good_secrets(row: PaymentProvider) -> int:
    """None, where no key of this installation opens them any more."""
    try:
        return len(sealed.secrets_of(row, clock.now()))
    except Unsealable:
        return 0
