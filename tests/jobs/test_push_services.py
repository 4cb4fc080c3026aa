"""A browser of a push service that is called no more: a delivery ends at once and says why, the device is kept."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from merchant_api.alerts.models import Device
from merchant_api.core.db import session
from merchant_api.core.settings import Settings
from merchant_api.orders.states import State
from merchant_api.outbox.models import Attempt, Delivery, DeliveryState, Medium
from outside.guard import AddressFault
from tests.make.alerts import make_browser
from tests.make.orders import make_order
from tests.make.people import make_member, make_merchant
from tests.make.stock import make_product


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, push_services=frozenset({"fcm.googleapis.com"}))


def test_what_was_registered_before_is_refused_with_the_reason_and_not_tried_again(push_service, all_told):
    merchant = make_merchant()
    make_browser(make_member(merchant), replace(push_service.subscribe(), endpoint="https://push.example.com/x"))

    make_order(State.REQUESTED, [(make_product(merchant), 1)])
    all_told()

    (sent,) = session().scalars(select(Delivery).where(Delivery.medium == Medium.PUSH)).all()
    (attempt,) = session().scalars(select(Attempt)).all()
    assert (sent.state, sent.attempts, attempt.answer) == (DeliveryState.REFUSED, 1, AddressFault.NOT_NAMED.value)
    assert len(session().scalars(select(Device)).all()) == 1
