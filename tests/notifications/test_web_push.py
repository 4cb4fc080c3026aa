"""What a browser decrypts, and what each answer of its push service leads to."""

import base64
from dataclasses import replace

import pytest

from notifications.message import PushAddress
from notifications.outcome import Gone, Later, Outcome, Refused, Sent
from notifications.web_push import WebPushSender, topic_of
from outside.reach import Reach
from tests.fakes.push_receiver import PushAnswer, PushReceiver, Subscription
from tests.notifications.conftest import MakeMessage, now

SUBJECT = "mailto:push@orderbell.example"


@pytest.fixture
def sender(vapid_pem: str, push_service: PushReceiver) -> WebPushSender:
    return WebPushSender(vapid_pem, SUBJECT, Reach(frozenset({push_service.host})), now=now, deadline_s=2.0)


def test_a_browser_can_read_what_was_sent(
    push_service: PushReceiver, sender: WebPushSender, make_message: MakeMessage
) -> None:
    message = make_message()

    outcome = sender.send(_address(push_service.subscribe()), message)

    assert outcome == Sent()
    pushed = push_service.wait_for(1)[0]
    assert (pushed.payload["title"], pushed.payload["body"]) == (message.title, message.body)
    assert pushed.payload["data"]["actions"] == "accept,decline"
    assert pushed.payload["data"]["order_id"] == message.tag
    assert pushed.payload["data"]["id"] == "delivery-1"


def test_the_service_is_told_who_sends_how_urgently_and_for_how_long(
    push_service: PushReceiver, sender: WebPushSender, make_message: MakeMessage
) -> None:
    sender.send(_address(push_service.subscribe()), make_message(ttl_s=90))

    pushed = push_service.wait_for(1)[0]
    assert (pushed.headers["ttl"], pushed.headers["urgency"]) == ("90", "high")
    assert pushed.headers["topic"] == topic_of(make_message().tag)
    assert (pushed.claims["aud"], pushed.claims["sub"]) == (push_service.url, SUBJECT)


def test_a_subscription_made_for_another_key_refuses_and_raises_an_alarm(
    push_service: PushReceiver, sender: WebPushSender, make_message: MakeMessage
) -> None:
    subscription = push_service.subscribe(server_key="another")

    outcome = sender.send(_address(subscription), make_message())

    assert outcome == Refused("alarm: the push service answered 403")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (PushAnswer(200), Sent()),
        (PushAnswer(202), Sent()),
        (PushAnswer(404), Gone("the push service answered 404")),
        (PushAnswer(410), Gone("the push service answered 410")),
        (PushAnswer(400), Refused("the push service answered 400")),
        (PushAnswer(413), Refused("the push service answered 413")),
        (PushAnswer(401), Refused("alarm: the push service answered 401")),
        (PushAnswer(302), Refused("the push service answered 302")),
        (PushAnswer(307), Refused("the push service answered 307")),
        (PushAnswer(429, "40"), Later("the push service answered 429", 40.0)),
        (PushAnswer(429), Later("the push service answered 429")),
        (PushAnswer(500), Later("the push service answered 500")),
        (PushAnswer(503, "7"), Later("the push service answered 503", 7.0)),
    ],
)
def test_each_answer_has_its_outcome_after_one_request(
    push_service: PushReceiver, sender: WebPushSender, make_message: MakeMessage, answer: PushAnswer, outcome: Outcome
) -> None:
    push_service.queue.append(answer)

    assert sender.send(_address(push_service.subscribe()), make_message()) == outcome

    assert push_service.requests == 1


def test_a_service_that_is_down_is_tried_later_and_its_address_stays_unnamed(
    push_service: PushReceiver, vapid_pem: str, make_message: MakeMessage
) -> None:
    address = _address(push_service.subscribe())
    sender = WebPushSender(vapid_pem, SUBJECT, Reach(frozenset({push_service.host})), now=now)
    with PushReceiver() as stopped:
        gone = replace(address, address=stopped.subscribe().endpoint)
    sender_to_stopped = WebPushSender(vapid_pem, SUBJECT, Reach(frozenset({"127.0.0.1"})), now=now)

    outcome = sender_to_stopped.send(gone, make_message())

    assert outcome == Later("push service: the connection failed (ConnectionRefusedError)")
    assert isinstance(sender.send(address, make_message()), Sent)


def test_a_loopback_endpoint_is_refused_unless_it_is_named(
    push_service: PushReceiver, vapid_pem: str, make_message: MakeMessage
) -> None:
    strict = WebPushSender(vapid_pem, SUBJECT, now=now)
    endpoint = push_service.subscribe()

    by_http = strict.send(_address(endpoint), make_message())
    by_https = strict.send(replace(_address(endpoint), address="https://localhost/push/1"), make_message())

    assert isinstance(by_http, Refused)
    assert isinstance(by_https, Refused)
    assert push_service.requests == 0


@pytest.mark.parametrize(
    "keys",
    [
        {"p256dh": ""},
        {"p256dh": "AAAA"},
        {"p256dh": base64.urlsafe_b64encode(b"\x04" + bytes(64)).decode()},
        {"p256dh": "é"},
        {"auth": ""},
        {"auth": "A"},
    ],
)
def test_keys_that_are_none_are_refused(
    push_service: PushReceiver, sender: WebPushSender, make_message: MakeMessage, keys: dict[str, str]
) -> None:
    outcome = sender.send(replace(_address(push_service.subscribe()), **keys), make_message())

    assert isinstance(outcome, Refused)
    assert push_service.requests == 0


def test_long_words_are_cut_until_the_service_takes_them(
    push_service: PushReceiver, sender: WebPushSender, make_message: MakeMessage
) -> None:
    outcome = sender.send(_address(push_service.subscribe()), make_message(body="स" * 5000))

    assert outcome == Sent()
    assert push_service.received[0].payload["body"].endswith("स…")


def test_a_topic_is_what_rfc_8030_allows() -> None:
    topic = topic_of("0190b6a1-0000-7000-8000-000000000001")

    assert len(topic) == 32
    assert topic.replace("-", "").replace("_", "").isalnum()
    assert topic != topic_of("0190b6a1-0000-7000-8000-000000000002")


def _address(subscription: Subscription) -> PushAddress:
    return PushAddress("web_push", subscription.endpoint, subscription.p256dh, subscription.auth)
