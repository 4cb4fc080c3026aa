"""What a person was told, to be read in the app: over all merchants, newest first; and the receipt that it was seen.

Lists are reads over one person's rows (DESIGN.md 4.1).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from merchant_api.alerts.models import Notification
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.paging import Page, Window, newest_first
from merchant_api.core.tenancy import across_merchants, of_merchant
from merchant_api.outbox.models import Delivery


@dataclass(frozen=True, slots=True)
class NotificationSent:
    """A notification and the deliveries by which it went to the person's devices."""

    notification: Notification
    deliveries: Sequence[Delivery]


def of_person(person_id: UUID, window: Window) -> Page[NotificationSent]:
    """A page of what the person was told."""
    mine = select(Notification).where(Notification.person_id == person_id)
    with across_merchants():
        page = newest_first(mine, Notification.id, window)
        sent = _deliveries(person_id, page.items)
    return Page([NotificationSent(each, sent[each.id]) for each in page.items], page.next)


def see(person_id: UUID, notification_id: UUID) -> None:
    """The app showed it; the first time counts. Raises NotFound."""
    which = select(Notification.merchant_id, Notification.seen_at).where(
        Notification.person_id == person_id, Notification.id == notification_id
    )
    with across_merchants():
        found = session().execute(which).one_or_none()
    if found is None:
        raise NotFound
    if found.seen_at is not None:
        return
    seen = update(Notification).where(
        Notification.merchant_id == found.merchant_id,
        Notification.id == notification_id,
        Notification.seen_at.is_(None),
    )
    with of_merchant(found.merchant_id):
        session().execute(seen.values(seen_at=clock.now()).execution_options(synchronize_session=False))


def _deliveries(person_id: UUID, told: Sequence[Notification]) -> dict[UUID, list[Delivery]]:
    found: dict[UUID, list[Delivery]] = defaultdict(list)
    if not told:
        return found
    rows = select(Delivery).where(
        Delivery.merchant_id.in_({each.merchant_id for each in told}),
        Delivery.order_id.in_({each.order_id for each in told if each.order_id}),
        Delivery.notification_id.in_([each.id for each in told]),
        Delivery.person_id == person_id,
    )
    for delivery in session().execute(rows.order_by(Delivery.id)).scalars():
        if delivery.notification_id is not None:
            found[delivery.notification_id].append(delivery)
    return found
