"""What need not be kept goes: in small transactions, merchant by merchant, as long as there is any."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select

from jobs.sweep import Tally, in_halves
from merchant_api.accounts import forget as sign_ins
from merchant_api.accounts import staff
from merchant_api.accounts.models import Merchant
from merchant_api.alerts import forget as notifications
from merchant_api.carts import forget as carts
from merchant_api.channels.levels import forget as levels
from merchant_api.core import clock, pulse, replay
from merchant_api.core.db import in_transaction, session
from merchant_api.core.tenancy import of_merchant
from merchant_api.outbox import forget as outbox
from merchant_api.providers import forget as payments

NAME = "tidy"
OLD = timedelta(days=90)
SIGN_INS_OLD = timedelta(days=7)
INVITATIONS_OLD = timedelta(days=30)
LEVELS_OLD = timedelta(days=30)
BEATS_OLD = timedelta(days=1)
PAGE = 200


def run(*, limit: int = 1000) -> Tally:
    """One round over everything; `limit` rows of a kind in a transaction."""
    tally = Tally()
    for merchant_id in _merchants():
        tally += in_halves(NAME, [merchant_id], partial(_tidy, limit), _skip)
    for person_id in in_transaction(staff.ids):  # whoever opens merchants has keys of his own
        tally += in_halves(NAME, [person_id], partial(_forget_keys, limit), _skip)
    at = clock.now()
    in_transaction(lambda: pulse.forget(at - BEATS_OLD))
    return tally + Tally(done=_until_none(lambda: sign_ins.tidy(at - SIGN_INS_OLD, limit)))


def _tidy(limit: int, merchants: list[UUID]) -> int:
    (merchant_id,) = merchants
    old = clock.now() - OLD
    done = _forget_keys(limit, merchants)
    unanswered = clock.now() - INVITATIONS_OLD
    with of_merchant(merchant_id):
        done += _until_none(lambda: sign_ins.tidy_invitations(merchant_id, unanswered, limit))
        done += _until_none(lambda: outbox.tidy(merchant_id, old, limit))
        done += _until_none(lambda: carts.tidy(merchant_id, old, limit))
        done += _until_none(lambda: levels.tidy(merchant_id, clock.now() - LEVELS_OLD, limit))
        done += _until_none(lambda: payments.tidy(merchant_id, old, limit))
        return done + _until_none(lambda: notifications.tidy(merchant_id, old, limit))


def _forget_keys(limit: int, owners: list[UUID]) -> int:
    (owner_id,) = owners
    unreplayed = clock.now() - timedelta(hours=replay.KEPT_H)
    with of_merchant(owner_id):
        return _until_none(lambda: replay.forget(owner_id, unreplayed, limit))


def _until_none(drop: Callable[[], int]) -> int:
    done = 0
    while dropped := in_transaction(drop):
        done += dropped
    return done


def _merchants() -> Iterator[UUID]:
    """Every merchant, a page at a time; one of the reads that name none."""
    last = UUID(int=0)
    while page := in_transaction(partial(_page, last)):
        yield from page
        last = page[-1]


def _page(after: UUID) -> list[UUID]:
    rows = select(Merchant.id).where(Merchant.id > after).order_by(Merchant.id).limit(PAGE)
    return list(session().execute(rows).scalars())


def _skip(merchant_id: UUID) -> None:
    """Logged by whom it failed; the next round tries again."""
