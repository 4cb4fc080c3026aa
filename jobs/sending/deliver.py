"""Deliveries as a cargo: each goes over its medium's desk, and every attempt leaves a row."""

import itertools
import random
from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from jobs.sending.cargo import Round
from jobs.sending.desk import DeliveryParcel, Desk, Packed
from jobs.sending.lanes import Lanes
from merchant_api.core import clock, metrics
from merchant_api.core.db import in_transaction
from merchant_api.core.log import log
from merchant_api.core.tenancy import ACROSS, of
from merchant_api.outbox import finish, retry
from merchant_api.outbox.finish import AttemptAnswer
from merchant_api.outbox.models import Delivery, DeliveryState
from notifications.outcome import Gone, Later, Outcome, Refused, Sent

NAME = "deliver"
_log = log(__name__)


class Deliveries:
    """The cargo whose rows are deliveries; for the desk that is named first is claimed first."""

    name = NAME
    table = Delivery

    def __init__(self, desks: Sequence[Desk]) -> None:
        self._desks = {desk.medium: desk for desk in desks}
        self.passed_over = frozenset(kind for desk in desks for kind in desk.passed_over)

    def rounds(self, lanes: Lanes) -> list[Round]:
        """The claims of all media."""
        return [each for desk in self._desks.values() for each in desk.rounds(lanes)]

    def pack(self, leased: Sequence[Delivery]) -> list[DeliveryParcel]:
        """What can be sent; ends what is too late, and what its desk says."""
        packed = in_transaction(lambda: self._packed(leased), ACROSS)
        for some in packed:
            for state, deliveries in some.untried.items():
                _end(deliveries, state)
        return [parcel for some in packed for parcel in some.ready]

    def record(self, parcel: DeliveryParcel, outcome: Outcome) -> bool:
        """Leaves the attempt, and ends the delivery or lets it wait; gives whether the lease was still ours."""
        return finish.attempted(parcel.row, _answer(outcome), _then(parcel.row, outcome))

    def settled(self, parcel: DeliveryParcel, outcome: Outcome) -> None:
        """Counts the outcome, and says it aloud where it is an alarm."""
        kind = parcel.row.address_kind
        metrics.pushes.labels(kind, type(outcome).__name__.lower()).inc()
        parcel.settle(outcome)
        if getattr(outcome, "why", "").startswith("alarm"):
            _log.error("push.alarm", why=_answer(outcome).words, medium=kind)

    def _packed(self, leased: Sequence[Delivery]) -> list[Packed]:
        instant = clock.now()
        late = [each for each in leased if each.expires_at <= instant]
        in_time = [each for each in leased if each.expires_at > instant]
        packed = [Packed((), {DeliveryState.EXPIRED: late})]
        for medium, desk in self._desks.items():
            if some := [each for each in in_time if each.medium is medium]:
                packed.append(desk.pack(some))
        return packed


def _then(delivery: Delivery, outcome: Outcome) -> retry.Next:
    """What becomes of the delivery."""
    at = clock.now()
    match outcome:
        case Sent():
            return retry.Next(DeliveryState.SENT, at)
        case Gone():
            return retry.Next(DeliveryState.GONE, at)
        case Refused():
            return retry.Next(DeliveryState.REFUSED, at)
        case Later(after_s=stated_s):
            return retry.after(retry.Tried(delivery.attempts, at, delivery.expires_at, stated_s), random.random())


def _answer(outcome: Outcome) -> AttemptAnswer:
    """What is kept of the attempt."""
    words = outcome.reference if isinstance(outcome, Sent) else outcome.why
    return AttemptAnswer(type(outcome).__name__.lower(), words)


def _end(deliveries: Sequence[Delivery], state: DeliveryState) -> None:
    """One transaction a merchant."""
    for merchant_id, some in itertools.groupby(sorted(deliveries, key=_owner), key=_owner):
        in_transaction(partial(_all, list(some), lambda delivery: finish.end(delivery, state)), of(merchant_id))
    for delivery in deliveries:
        metrics.pushes.labels(delivery.address_kind, state.value).inc()


def _all(deliveries: list[Delivery], act: Callable[[Delivery], bool]) -> None:
    for delivery in deliveries:
        act(delivery)


def _owner(delivery: Delivery) -> UUID:
    return delivery.merchant_id
