"""Take a signed event of a provider: known by its signature alone, stored once, applied at once where that is possible.

Whoever is not known learns nothing: an unknown provider, a wrong signature and an old one are answered alike. What
means nothing to us is not kept. At most 10,000 events of a provider wait; above that it is asked to come again.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.endpoint import Incoming
from merchant_api.core.ids import new_id
from merchant_api.core.log import log
from merchant_api.core.seal import Unsealable
from merchant_api.providers import edit, kinds, match, sealed
from merchant_api.providers.errors import BadSignature, TooManyWaiting
from merchant_api.providers.events import Happened, Other
from merchant_api.providers.facts import facts
from merchant_api.providers.models import PaymentEvent, PaymentProvider
from merchant_api.providers.states import ProviderEventState

MOST_WAITING = 10_000
IGNORED = "ignored"
_log = log(__name__)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an event: a word of EventState, or that it means nothing here."""

    state: str


def receive(merchant_id: UUID, provider_id: UUID, incoming: Incoming) -> Receipt:
    """Take an event; the same one again changes nothing.

    Raises BadSignature, WrongMedia, Malformed or Invalid for what is signed and can't be read, TooManyWaiting.
    """
    provider = edit.find(merchant_id, provider_id)
    if provider is None:
        raise BadSignature
    happened = kinds.of(provider.kind).verify(incoming, _secrets(provider), clock.now())
    if isinstance(happened, Other):
        return Receipt(IGNORED)
    event = _stored(provider, happened)
    if event is None:
        return Receipt(_known(provider, happened).state.value)
    match.apply(provider, event)
    if event.state is ProviderEventState.WAITING:
        _check_room(provider)
    return Receipt(event.state.value)


def _secrets(provider: PaymentProvider) -> list[str]:
    try:
        return sealed.secrets_of(provider, clock.now())
    except Unsealable as error:
        _log.error("payment_provider.unsealable", provider=str(provider.id))
        raise BadSignature from error


def _stored(provider: PaymentProvider, happened: Happened) -> PaymentEvent | None:
    """The event's new row, or None where it is there; who brings it at the same moment waits here for the other."""
    instant = clock.now()
    row = {
        "merchant_id": provider.merchant_id,
        "id": new_id(),
        "provider_id": provider.id,
        "event_id": happened.event_id,
        "type": happened.type,
        "subject": happened.subject,
        "facts": facts(happened),
        "state": ProviderEventState.WAITING,
        "received_at": instant,
        "due_at": instant,
        "attempts": 0,
    }
    adding = insert(PaymentEvent).values(row)
    once = adding.on_conflict_do_nothing(index_elements=["merchant_id", "provider_id", "event_id"])
    return session().execute(once.returning(PaymentEvent)).scalar_one_or_none()


def _known(provider: PaymentProvider, happened: Happened) -> PaymentEvent:
    rows = select(PaymentEvent).where(
        PaymentEvent.merchant_id == provider.merchant_id,
        PaymentEvent.provider_id == provider.id,
        PaymentEvent.event_id == happened.event_id,
    )
    return session().execute(rows.execution_options(populate_existing=True)).scalar_one()


def _check_room(provider: PaymentProvider) -> None:
    others = select(PaymentEvent.id).where(
        PaymentEvent.merchant_id == provider.merchant_id,
        PaymentEvent.provider_id == provider.id,
        PaymentEvent.state == ProviderEventState.WAITING,
    )
    if session().execute(others.offset(MOST_WAITING).limit(1)).scalar_one_or_none() is not None:
        raise TooManyWaiting(retry_after=3600)
