"""What stands first in a line is seen first, and no merchant's line hides another's."""

from datetime import timedelta

from merchant_api.core import clock
from merchant_api.core.ids import new_id
from merchant_api.outbox.look import Glance, look
from merchant_api.outbox.models import Delivery
from merchant_api.outbox.retry import MOST_ATTEMPTS
from tests.make.outbox import make_delivery

LINE = (Delivery.is_urgent.desc(), Delivery.id)


def seen(*merchants, room=50):
    return [each.id for each in look(Delivery, Glance(dict.fromkeys(merchants, room), clock.now(), (), LINE))]


def test_what_was_tried_before_keeps_its_place_in_line(database):
    merchant_id = new_id()
    oldest = make_delivery(merchant_id, attempts=1, due_at=clock.now())
    others = [make_delivery(merchant_id, due_at=clock.now() - timedelta(minutes=5)) for _ in range(3)]

    assert seen(merchant_id) == [oldest.id, *(each.id for each in others)]


def test_what_rings_stands_before_what_only_tells(database):
    merchant_id = new_id()
    tells = [make_delivery(merchant_id) for _ in range(3)]
    rings = [make_delivery(merchant_id, is_urgent=True) for _ in range(2)]

    assert seen(merchant_id, room=4) == [each.id for each in rings + tells[:2]]


def test_what_waits_or_was_tried_to_the_end_is_not_seen(database):
    merchant_id = new_id()
    make_delivery(merchant_id, due_at=clock.now() + timedelta(seconds=5))
    make_delivery(merchant_id, attempts=MOST_ATTEMPTS)

    assert seen(merchant_id) == []


def test_the_first_of_each_merchant_come_before_the_second_of_any(database):
    busy, other = new_id(), new_id()
    first, second = [make_delivery(busy).id for _ in range(5)][:2]
    of_other = make_delivery(other).id

    assert seen(busy, other, room=2) == [first, of_other, second]
