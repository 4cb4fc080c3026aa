"""Deliveries as a cargo: each goes over its medium's desk, and every attempt leaves a row."""

import itertools
import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from jobs.sending.cargo import Round
from jobs.sending.desk import DeliveryParcel, Desk, Packed
from jobs.sending.lanes import Lane, Lanes
from merchant_api.core import clock, metrics
from merchant_api.core.db import in_transaction
from merchant_api.core.log import log
from merchant_api.core.tenancy import ACROSS, of
from merchant_api.outbox import finish, retry, tried
from merchant_api.outbox.models import Delivery, DeliveryState
from notifications.outcome import Gone, Later, Outcome, Refused, Sent

NAME = "deliver"
BEHIND_S = 0.25  # how soon it is looked whether an older one has gone
_log = log(__name__)


class Deliveries:
    """The cargo whose rows are deliveries; for the desk that is named first is claimed first."""

    name = NAME
    table = Delivery

    def __init__(self, desks: Sequence[Desk]) -> None:
        self._desks = {desk.medium: desk for desk in desks}

    def rounds(self, lanes: Lanes) -> list[Round]:
        """The claims of all media."""
        return [each for desk in self._desks.values() for each in desk.rounds(lanes)]

    def lanes_of(self, row: Delivery) -> Sequence[Lane]:
        """As its desk says."""
        return self._desks[row.medium].lanes_of(row)

    def pack(self, leased: Sequence[Delivery]) -> list[DeliveryParcel]:
        """What can be sent; ends what is too late, and what its desk says."""
        packed = in_transaction(lambda: self._packed(leased), ACROSS)
        for some in packed:
            for state, deliveries in some.untried.items():
                _end(deliveries, state)
            _by_merchant(some.waiting, lambda rows: finish.hand_back(rows, clock.now() + timedelta(seconds=BEHIND_S)))
        return [parcel for some in packed for parcel in some.ready]

    def record(self, ended: Sequence[tuple[DeliveryParcel, Outcome]]) -> set[UUID]:
        """Leaves the attempts, and ends each delivery or lets it wait; gives the ids of those that were still ours."""
        tries = [tried.Try(each.row, _answer(outcome), _then(each.row, outcome)) for each, outcome in ended]
        return tried.record(tries[0].delivery.merchant_id, tries)

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


def _answer(outcome: Outcome) -> tried.AttemptAnswer:
    """What is kept of the attempt."""
    words = outcome.reference if isinstance(outcome, Sent) else outcome.why
    return tried.AttemptAnswer(type(outcome).__name__.lower(), words)


def _end(deliveries: Sequence[Delivery], state: DeliveryState) -> None:
    _by_merchant(deliveries, lambda rows: finish.end(rows, state))
    for delivery in deliveries:
        metrics.pushes.labels(delivery.address_kind, state.value).inc()


def _by_merchant(deliveries: Sequence[Delivery], act: Callable[[list[Delivery]], int]) -> None:
    """One transaction a merchant."""
    for merchant_id, some in itertools.groupby(sorted(deliveries, key=_owner), key=_owner):
        in_transaction(partial(act, list(some)), of(merchant_id))


def _owner(delivery: Delivery) -> UUID:
    return delivery.merchant_id
