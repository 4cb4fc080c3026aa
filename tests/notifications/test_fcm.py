"""Every documented answer of FCM leads to its outcome, through the real firebase-admin."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from notifications.fcm import FcmSender
from notifications.message import PushAddress
from notifications.outcome import Gone, Later, Refused, Sent
from notifications.payload import FCM_BYTES, as_json
from tests.fakes.fcm import DRIBBLE, INVALID_ARGUMENT, SENDER_ID_MISMATCH, SILENCE, UNREGISTERED, Answer, FakeFcm
from tests.notifications.conftest import MakeMessage, now

FID = PushAddress("fcm_fid", "fid-of-a-phone")
TOKEN = PushAddress("fcm_token", "token-of-a-phone")


@pytest.fixture
def fcm(google: FakeFcm, monkeypatch: pytest.MonkeyPatch) -> FakeFcm:
    for name, value in google.environment().items():
        monkeypatch.setenv(name, value)
    google.received.clear()
    google.queue.clear()
    google.by_prefix.clear()
    google.token_status = 200
    return google


@pytest.fixture
def sender(fcm: FakeFcm, tmp_path: Path) -> Iterator[FcmSender]:
    made = FcmSender.from_credentials(str(fcm.service_account(tmp_path / "account.json")), now=now, deadline_s=2.0)
    yield made
    made.close()


def test_a_message_reaches_a_phone_with_what_its_app_needs_to_act(
    fcm: FakeFcm, sender: FcmSender, make_message: MakeMessage
) -> None:
    message = make_message()

    outcome = sender.send(FID, message)

    assert outcome == Sent("projects/orderbell-tests/messages/1")
    arrived = fcm.wait_for(1)[0].message
    assert arrived["fid"] == FID.address
    assert arrived["notification"] == {"title": message.title, "body": message.body}
    assert arrived["data"] == {
        "id": "delivery-1",
        "type": "order.requested",
        "order_id": message.tag,
        "tag": message.tag,
        "silent": "false",
        "code": "7K2M",
        "respond_by": "2026-11-22T08:47:00Z",
        "actions": "accept,decline",
    }


def test_each_platform_is_told_urgency_lifetime_and_what_to_replace(
    fcm: FakeFcm, sender: FcmSender, make_message: MakeMessage
) -> None:
    message = make_message(ttl_s=90)

    sender.send(FID, message)

    arrived = fcm.wait_for(1)[0].message
    assert arrived["android"]["priority"] == "high"
    assert arrived["android"]["ttl"] == "90s"
    assert arrived["android"]["notification"]["tag"] == message.tag
    headers = arrived["apns"]["headers"]
    assert (headers["apns-priority"], headers["apns-collapse-id"]) == ("10", message.tag)
    assert abs(int(headers["apns-expiration"]) - (now() + timedelta(seconds=90)).timestamp()) < 10
    assert arrived["webpush"]["headers"] == {"TTL": "90", "Urgency": "high"}
    assert arrived["webpush"]["notification"] == {"tag": message.tag}


def test_a_silent_message_shows_nothing_and_wakes_the_app(
    fcm: FakeFcm, sender: FcmSender, make_message: MakeMessage
) -> None:
    message = make_message(is_silent=True, type="order.withdrawn", title="", body="")

    sender.send(FID, message)

    arrived = fcm.wait_for(1)[0].message
    assert "notification" not in arrived
    assert "notification" not in arrived["android"]
    assert arrived["apns"]["headers"]["apns-priority"] == "5"
    assert arrived["apns"]["payload"]["aps"] == {"content-available": 1}
    assert (arrived["data"]["type"], arrived["data"]["tag"]) == ("order.withdrawn", message.tag)


def test_a_token_is_sent_as_a_token_without_a_warning(
    fcm: FakeFcm, sender: FcmSender, make_message: MakeMessage
) -> None:
    outcome = sender.send(TOKEN, make_message())

    assert isinstance(outcome, Sent)
    assert fcm.wait_for(1)[0].message["token"] == TOKEN.address
    assert "fid" not in fcm.received[0].message


def test_many_threads_may_send_at_once(fcm: FakeFcm, sender: FcmSender, make_message: MakeMessage) -> None:
    addresses = [PushAddress("fcm_token", f"token-{number}") for number in range(40)]

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(lambda address: sender.send(address, make_message()), addresses))

    assert all(isinstance(outcome, Sent) for outcome in outcomes)
    assert {received.address for received in fcm.wait_for(40)} == {address.address for address in addresses}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (UNREGISTERED, Gone("FCM answered 404 UNREGISTERED")),
        (Answer(404), Refused("FCM answered 404 NOT_FOUND")),
        (INVALID_ARGUMENT, Refused("FCM answered 400 INVALID_ARGUMENT")),
        (Answer(403), Refused("FCM answered 403 PERMISSION_DENIED")),
        (Answer(429, "QUOTA_EXCEEDED", "120"), Later("FCM answered 429 RESOURCE_EXHAUSTED", 120.0)),
        (Answer(429, "QUOTA_EXCEEDED", "1"), Later("FCM answered 429 RESOURCE_EXHAUSTED", 10.0)),
        (Answer(429, "QUOTA_EXCEEDED"), Later("FCM answered 429 RESOURCE_EXHAUSTED", 10.0)),
        (Answer(500, "INTERNAL"), Later("FCM answered 500 INTERNAL", 10.0)),
        (Answer(503, "UNAVAILABLE"), Later("FCM answered 503 UNAVAILABLE", 10.0)),
        (Answer(503, "UNAVAILABLE", "30"), Later("FCM answered 503 UNAVAILABLE", 30.0)),
    ],
)
def test_each_answer_has_its_outcome_after_one_try(
    fcm: FakeFcm, sender: FcmSender, make_message: MakeMessage, answer: Answer, outcome: object
) -> None:
    fcm.by_prefix[FID.address] = answer
    started = time.monotonic()

    assert sender.send(FID, make_message()) == outcome

    assert len(fcm.received) == 1
    assert time.monotonic() - started < 1.5


def test_a_date_to_try_again_after_is_understood(fcm: FakeFcm, sender: FcmSender, make_message: MakeMessage) -> None:
    in_two_minutes = now() + timedelta(seconds=120)
    fcm.queue.append(Answer(503, "UNAVAILABLE", in_two_minutes.strftime("%a, %d %b %Y %H:%M:%S GMT")))

    outcome = sender.send(FID, make_message())

    assert isinstance(outcome, Later)
    assert outcome.after_s is not None
    assert 100 < outcome.after_s <= 120


def test_a_phone_of_another_project_is_kept_and_raises_an_alarm(
    fcm: FakeFcm, sender: FcmSender, make_message: MakeMessage
) -> None:
    fcm.queue.append(SENDER_ID_MISMATCH)

    outcome = sender.send(FID, make_message())

    assert isinstance(outcome, Refused)
    assert outcome.why.startswith("alarm")


@pytest.mark.parametrize("answer", [Answer(401), Answer(401, "THIRD_PARTY_AUTH_ERROR")])
def test_credentials_that_are_not_accepted_raise_an_alarm_and_wait(
    fcm: FakeFcm, sender: FcmSender, make_message: MakeMessage, answer: Answer
) -> None:
    fcm.by_prefix[FID.address] = answer

    outcome = sender.send(FID, make_message())

    assert isinstance(outcome, Later)
    assert outcome.why.startswith("alarm")


@pytest.mark.parametrize("answer", [SILENCE, DRIBBLE])
def test_an_answer_that_does_not_end_is_left_at_the_deadline(
    fcm: FakeFcm, tmp_path: Path, make_message: MakeMessage, answer: Answer
) -> None:
    fcm.queue.append(answer)
    account = str(fcm.service_account(tmp_path / "account.json"))
    hasty = FcmSender.from_credentials(account, now=now, deadline_s=0.3)
    started = time.monotonic()

    outcome = hasty.send(FID, make_message())
    hasty.close()

    assert outcome == Later("no answer from FCM in time", 10.0)
    assert time.monotonic() - started < 3
    assert len(fcm.received) == 1


def test_a_token_endpoint_that_refuses_the_key_raises_an_alarm(
    fcm: FakeFcm, sender: FcmSender, make_message: MakeMessage
) -> None:
    fcm.token_status = 400

    outcome = sender.send(FID, make_message())

    assert outcome == Later("alarm: Google refuses the service account's key")
    assert fcm.received == []


def test_a_token_endpoint_that_is_down_is_tried_later(fcm: FakeFcm, tmp_path: Path, make_message: MakeMessage) -> None:
    account = str(fcm.service_account(tmp_path / "account.json", token_uri=f"http://127.0.0.1:{_closed_port()}/token"))
    cut_off = FcmSender.from_credentials(account, now=now, deadline_s=2.0)

    outcome = cut_off.send(FID, make_message())
    cut_off.close()

    assert outcome == Later("Google's token endpoint cannot be reached")


def test_fcm_that_cannot_be_reached_is_tried_later(
    sender: FcmSender, make_message: MakeMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{_closed_port()}")

    outcome = sender.send(FID, make_message())

    assert isinstance(outcome, Later)


def test_long_words_are_cut_until_fcm_takes_them(fcm: FakeFcm, sender: FcmSender, make_message: MakeMessage) -> None:
    message = make_message(title="त" * 3000, body="स" * 3000)

    outcome = sender.send(FID, message)

    assert isinstance(outcome, Sent)
    assert fcm.received[0].message["data"]["actions"] == "accept,decline"


def test_what_cannot_be_encoded_is_refused_before_it_is_sent(
    fcm: FakeFcm, sender: FcmSender, make_message: MakeMessage
) -> None:
    assert isinstance(sender.send(FID, make_message(body="\ud800")), Refused)
    assert isinstance(sender.send(FID, make_message(data={"code": "x" * FCM_BYTES})), Refused)
    assert isinstance(sender.send(PushAddress("fcm_fid", ""), make_message()), Refused)
    assert fcm.received == []


def test_no_outcome_and_no_log_repeats_the_address(
    fcm: FakeFcm, sender: FcmSender, make_message: MakeMessage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    for answer in (UNREGISTERED, INVALID_ARGUMENT, SENDER_ID_MISMATCH, Answer(503), Answer(200)):
        fcm.queue.append(answer)
        assert FID.address not in repr(sender.send(FID, make_message()))

    assert FID.address not in caplog.text
    assert FID.address not in repr(FID)


def test_an_envelope_leaves_room_for_what_apple_wraps_round_it(make_message: MakeMessage) -> None:
    assert len(as_json(make_message())) < FCM_BYTES < 4096


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
