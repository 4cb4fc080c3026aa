"""Signed events of shops: known by their signature alone; orders are applied, ids wait for the poll, which is due."""

from datetime import timedelta

import pytest

from merchant_api.channels.faults import ShopOdd
from merchant_api.channels.models import Channel
from merchant_api.channels.shop_orders import Heard
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from tests.fakes.told_shop import SECRET
from tests.make.sales import make_poll, poll_of, shop_line, shop_order
from tests.make.stock import available


@pytest.fixture
def poll(channel):
    return make_poll(channel, due_at=clock.now() + timedelta(minutes=1))


@pytest.fixture
def send(client, channel, told_shop):
    def send(secret=SECRET, channel_id=channel.id, **more):
        path = f"/v1/channel-events/{channel.merchant_id}/{channel_id}"
        return client.post(path, data=b"{}", headers={"signed": secret}, **more)

    return send


def test_whole_orders_are_applied_at_once(send, told_shop, mug):
    told_shop.heard = Heard(orders=[shop_order(shop_line(mug, 2))])

    answers = [send(), send()]

    assert [(answer.status_code, answer.json) for answer in answers] == [(200, {"orders": 1})] * 2
    assert available(mug) == 3


def test_ids_wait_for_the_poll_which_comes_now(send, told_shop, channel, poll):
    told_shop.heard = Heard(order_ids=["7", "8"])

    assert send().json == {"orders": 2}

    found = poll_of(channel)
    assert (found.hints, found.due_at <= clock.now()) == (["7", "8"], True)


def test_a_poll_that_is_on_its_way_is_left_alone(send, told_shop, channel):
    later = clock.now() + timedelta(minutes=1)
    make_poll(channel, due_at=later, lease_token=new_id(), hints=["6"])
    told_shop.heard = Heard(order_ids=["7"])

    send()

    assert (poll_of(channel).hints, poll_of(channel).due_at) == (["6", "7"], later)


@pytest.mark.parametrize("mimetype", ["application/x-www-form-urlencoded", "application/json", "text/plain"])
def test_a_ping_is_answered_and_does_nothing(send, channel, poll, mimetype):
    answer = send(content_type=mimetype)

    assert (answer.status_code, answer.json) == (200, {"orders": 0})
    assert poll_of(channel).due_at > clock.now()


def test_what_is_signed_and_can_not_be_read_lets_the_poll_look(send, told_shop, channel, poll):
    told_shop.fault = ShopOdd("no order")

    assert send().status_code == 200

    assert poll_of(channel).due_at <= clock.now()


def test_what_a_shop_tells_of_itself_is_shown(send, told_shop, channel):
    told_shop.heard = Heard(why="The user behind the webhook is gone.")

    send()

    session().expire_all()
    assert session().get(Channel, (channel.merchant_id, channel.id)).why == "The user behind the webhook is gone."


def test_whoever_is_not_known_learns_nothing(send, channel, told_shop):
    answers = [send("wrong"), send(channel_id=new_id())]
    channel.ended_at, channel.sealed_credentials, channel.sealed_event_secret = clock.now(), None, None
    session().commit()
    answers.append(send())

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.data for answer in answers}) == 1
