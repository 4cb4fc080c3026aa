"""Rings are on time behind any backlog, and one phone takes many messages at once."""

from sqlalchemy import select, update

from jobs.sending.widths import IN_ALL, WIDTHS
from jobs.telling import fan_out
from merchant_api.core import clock
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.orders.steps import decide
from merchant_api.orders.steps.decide import Accept
from merchant_api.outbox.models import Audience, Delivery, DeliveryState
from tests.jobs.test_fairness import MESSAGE, deliverer, sticky
from tests.make.alerts import make_phone
from tests.make.orders import place_one
from tests.make.outbox import make_delivery
from tests.make.people import make_actor, make_customer, make_member, make_merchant
from tests.make.stock import make_product
from tests.make.turns import turn_until

__all__ = ["deliverer", "sticky"]


def make_backlog(merchant, person, count, **columns):
    return [
        make_delivery(merchant.id, person_id=person.id, message=MESSAGE | {"tag": str(new_id())}, **columns)
        for _ in range(count)
    ]


def is_leased(delivery):
    found = session().get(Delivery, (delivery.merchant_id, delivery.id), populate_existing=True)
    session().rollback()
    return found.lease_token is not None


def test_a_ring_does_not_wait_behind_what_only_tells(deliverer):
    merchant = make_merchant()
    person = make_member(merchant)
    make_phone(person, "slow-phone")
    tells = make_backlog(merchant, person, 40)
    (ring,) = make_backlog(merchant, person, 1, is_urgent=True)

    assert deliverer.turn() == WIDTHS["device"]

    assert is_leased(ring)
    assert [is_leased(each) for each in tells] == [number < WIDTHS["device"] - 1 for number in range(40)]


def test_a_ring_finds_room_where_phones_that_are_told_do_not_answer(deliverer, sticky):
    for _ in range(4):
        merchant = make_merchant()
        for number in range(20):
            person = make_member(merchant)
            make_phone(person, f"slow-{person.id}-{number}")
            make_backlog(merchant, person, 2)
    turn_until(deliverer, lambda: len(sticky.tried) == WIDTHS["tells"])
    other = make_merchant()
    person = make_member(other)
    make_phone(person, "slow-but-rung")
    (ring,) = make_backlog(other, person, 1, is_urgent=True)

    assert deliverer.turn() == 1

    assert is_leased(ring)


def test_one_phone_that_answers_in_a_tenth_of_a_second_takes_fifty_messages_a_second(deliverer, sticky):
    merchant = make_merchant()
    person = make_member(merchant)
    make_phone(person, "slow-phone")
    make_backlog(merchant, person, 30)

    turn_until(deliverer, lambda: len(sticky.tried) == WIDTHS["device"])

    assert WIDTHS["device"] / 0.1 > 2 * 50
    assert WIDTHS["device"] < WIDTHS["person"] < WIDTHS["merchant"] < WIDTHS["tells"] < WIDTHS["medium"] < IN_ALL


def test_a_phone_with_a_backlog_does_not_hide_another(deliverer):
    merchant = make_merchant()
    busy, quiet = make_member(merchant), make_member(merchant)
    make_phone(busy, "slow-busy")
    make_phone(quiet, "slow-quiet")
    make_backlog(merchant, busy, 60)
    (told,) = make_backlog(merchant, quiet, 1)

    deliverer.turn()

    assert is_leased(told)


def test_members_are_rung_and_told_urgently_that_a_ring_is_over(fresh):
    merchant = make_merchant()
    make_phone(make_member(merchant))
    customer = make_customer(merchant)
    make_phone(customer)
    order = place_one([(make_product(merchant, on_hand=0), 1)], make_actor(Role.CUSTOMER, person=customer))
    fan_out.run()
    session().execute(update(Delivery).values(state=DeliveryState.SENT, ended_at=clock.now()))
    decide.accept(merchant.id, order.id, Accept(), make_actor(merchant_id=merchant.id))
    session().commit()
    fan_out.run()

    told = session().execute(select(Delivery)).scalars().all()

    urgent = {(each.event_type, each.audience) for each in told if each.is_urgent}
    assert urgent == {("order.requested", Audience.MERCHANT), ("order.withdrawn", Audience.MERCHANT)}
    assert ("order.requested", Audience.CUSTOMER) in {(each.event_type, each.audience) for each in told}
