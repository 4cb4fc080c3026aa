"""Requests that are over: what was still to be sent ends, what was shown is named so that it can be taken back."""

from merchant_api.alerts import rings
from merchant_api.alerts.hears import REQUESTED
from merchant_api.core import clock
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.orders.states import State
from merchant_api.outbox.models import AddressKind, Delivery, DeliveryState
from tests.make.orders import make_order, place_one
from tests.make.outbox import make_delivery
from tests.make.people import make_actor, make_merchant
from tests.make.stock import make_product


def make_told(merchant_id, order_id, audience="merchant", **columns):
    return make_delivery(merchant_id, order_id=order_id, event_type="order.requested", audience=audience, **columns)


def reread(row):
    return session().get(Delivery, (row.merchant_id, row.id), populate_existing=True)


def test_only_requests_that_still_wait_are_open(database):
    product = make_product(make_merchant(), on_hand=0)
    waiting = place_one([(product, 1)], make_actor(Role.CUSTOMER))
    over = make_order(State.DECLINED, [(product, 1)])

    assert rings.still_open(product.merchant_id, REQUESTED, [waiting.id, over.id, new_id()]) == {waiting.id}


def test_what_waits_ends_what_is_on_its_way_is_not_tried_again_and_what_was_sent_is_named(database):
    merchant_id, order_id = new_id(), new_id()
    waits = make_told(merchant_id, order_id)
    flies = make_told(merchant_id, order_id, lease_token=new_id())
    sent = make_told(merchant_id, order_id, state=DeliveryState.SENT)
    make_told(merchant_id, order_id, audience="customer", state=DeliveryState.SENT)
    other = make_told(merchant_id, new_id())
    mail = make_told(merchant_id, order_id, address_kind=AddressKind.MAIL)
    mailed = make_told(merchant_id, order_id, address_kind=AddressKind.MAIL, state=DeliveryState.SENT)
    hook = {"person_id": None, "audience": None, "address_kind": AddressKind.WEBHOOK}
    tells = make_delivery(merchant_id, order_id=order_id, event_type="order.requested", **hook)

    told = rings.call_off(merchant_id, REQUESTED, [order_id])

    assert {each.id for each in told} == {flies.id, sent.id}
    assert reread(waits).state is DeliveryState.EXPIRED
    assert reread(flies).state is DeliveryState.PENDING
    assert reread(flies).expires_at <= clock.now()
    assert reread(other).state is DeliveryState.PENDING
    assert (reread(mail).state, reread(mailed).state) == (DeliveryState.EXPIRED, DeliveryState.SENT)
    assert reread(tells).state is DeliveryState.PENDING
    assert reread(tells).expires_at == tells.expires_at > clock.now()
