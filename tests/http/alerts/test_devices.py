"""Devices over HTTP: an address goes in, moves with its phone, and never comes out."""

from dataclasses import replace

import pytest

from merchant_api.alerts import devices
from merchant_api.alerts.devices import MOST
from tests.fakes.push_receiver import PushReceiver
from tests.make.people import make_merchant, make_person
from tests.make.tokens import bearer, make_key, make_token

PHONE = {"kind": "fcm_fid", "address": "fid-of-a-phone"}
KEYS = {"p256dh": "BP" + "A" * 85, "auth": "A" * 22}


@pytest.fixture
def asha(database):
    return bearer(make_token(make_person("Asha")))


@pytest.fixture
def bina(database):
    return bearer(make_token(make_person("Bina")))


def listed(client, headers):
    return client.get("/v1/me/devices", headers=headers).json["items"]


def test_a_device_is_registered_refreshed_and_dropped(client, asha):
    first = client.put("/v1/me/devices/phone-1", json=PHONE, headers=asha)
    again = client.put("/v1/me/devices/phone-1", json={**PHONE, "address": "another"}, headers=asha)

    assert (first.status_code, again.status_code) == (200, 200)
    (device,) = listed(client, asha)
    assert device["installation"] == "phone-1"
    assert device["kind"] == "fcm_fid"
    assert device["created_at"] == first.json["created_at"]
    assert "address" not in device

    assert client.delete("/v1/me/devices/phone-1", headers=asha).status_code == 204
    assert client.delete("/v1/me/devices/phone-1", headers=asha).status_code == 204
    assert listed(client, asha) == []


def test_a_device_whose_sign_in_ended_is_not_listed(client):
    person = make_person("Asha")
    here, there = bearer(make_token(person)), bearer(make_token(person))
    client.put("/v1/me/devices/here", json=PHONE, headers=here)
    client.put("/v1/me/devices/there", json={**PHONE, "address": "another"}, headers=there)

    client.post("/v1/auth/logout", headers=here)

    assert [each["installation"] for each in listed(client, there)] == ["there"]
    client.put("/v1/me/devices/here", json=PHONE, headers=there)
    assert [each["installation"] for each in listed(client, there)] == ["here", "there"]


def test_an_address_leaves_who_had_it_before(client, asha, bina):
    client.put("/v1/me/devices/phone", json=PHONE, headers=asha)

    client.put("/v1/me/devices/phone", json=PHONE, headers=bina)

    assert listed(client, asha) == []
    assert len(listed(client, bina)) == 1


def test_an_address_moves_to_the_newer_installation_of_the_same_person(client, asha):
    client.put("/v1/me/devices/old", json=PHONE, headers=asha)
    client.put("/v1/me/devices/new", json=PHONE, headers=asha)

    assert [each["installation"] for each in listed(client, asha)] == ["new"]


def test_of_more_than_twenty_devices_the_stalest_goes(client, asha):
    for number in range(MOST + 1):
        client.put(f"/v1/me/devices/d{number}", json={**PHONE, "address": f"fid-{number}"}, headers=asha)

    names = {each["installation"] for each in listed(client, asha)}
    assert len(names) == MOST
    assert "d0" not in names


def test_the_address_lies_sealed_and_can_be_opened_to_send(database, client):
    person = make_person()
    headers = bearer(make_token(person))

    client.put("/v1/me/devices/phone", json=PHONE, headers=headers)

    (device,) = devices.of_person(person.id)
    assert b"fid-of-a-phone" not in device.sealed_address
    assert devices.opened(device).address == "fid-of-a-phone"
    assert "fid-of-a-phone" not in repr(devices.opened(device))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "fcm_token", "address": "a:b-c_d"}, 200),
        ({"kind": "web_push", "address": "https://push.example.com/x", **KEYS}, 200),
        ({"kind": "web_push", "address": "https://push.example.com/x"}, 422),
        ({"kind": "web_push", "address": "https://push.example.com/x", **KEYS, "auth": "!!"}, 422),
        ({"kind": "web_push", "address": "http://push.example.com/x", **KEYS}, 422),
        ({"kind": "fcm_fid", "address": ""}, 422),
        ({"kind": "fcm_fid", "address": "x" * 5000}, 422),
        ({"kind": "fcm_fid", "address": "with space"}, 422),
        ({"kind": "fcm_fid", "address": "fid", "p256dh": "x"}, 422),
        ({"kind": "pigeon", "address": "fid"}, 422),
        ({"kind": "fcm_fid"}, 422),
        ({**PHONE, "person_id": "me"}, 422),
    ],
)
def test_what_a_device_may_look_like(client, asha, body, status):
    assert client.put("/v1/me/devices/phone", json=body, headers=asha).status_code == status


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "10.0.0.8",
        "169.254.169.254",
        "[::1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "printer.local",
        "metadata.google.internal",
        "intranet",
        "push.example.com:22",
        "good@push.example.com",
        "①②⑦.⓪.⓪.①",
    ],
)
def test_an_endpoint_that_lies_inside_is_refused(client, asha, host):
    body = {"kind": "web_push", "address": f"https://{host}/push", **KEYS}

    reply = client.put("/v1/me/devices/browser", json=body, headers=asha)

    assert reply.status_code == 422
    assert listed(client, asha) == []


def test_a_host_that_the_settings_name_is_taken(client, asha, database):
    settings = database.extensions["orderbell.settings"]
    with PushReceiver() as receiver:
        subscription = receiver.subscribe()
        body = {"kind": "web_push", "address": subscription.endpoint, **KEYS}
        assert client.put("/v1/me/devices/browser", json=body, headers=asha).status_code == 422

        database.extensions["orderbell.settings"] = type(settings)(
            **{name: getattr(settings, name) for name in settings.__slots__}
            | {"push_allowed_hosts": frozenset({receiver.host})}
        )
        try:
            assert client.put("/v1/me/devices/browser", json=body, headers=asha).status_code == 200
        finally:
            database.extensions["orderbell.settings"] = settings


def test_an_endpoint_of_no_push_service_that_is_called_is_refused_and_named(client, asha, database):
    settings = database.extensions["orderbell.settings"]
    database.extensions["orderbell.settings"] = replace(settings, push_services=frozenset({"*.push.apple.com"}))
    try:
        replies = [
            client.put(
                f"/v1/me/devices/{host}",
                json={"kind": "web_push", "address": f"https://{host}/x", **KEYS},
                headers=asha,
            )
            for host in ("web.push.apple.com", "push.example.com")
        ]
    finally:
        database.extensions["orderbell.settings"] = settings

    assert [reply.status_code for reply in replies] == [200, 422]
    assert replies[1].json["code"] == "bad_address"
    assert "ORDERBELL_PUSH_SERVICES" in replies[1].json["errors"]["address"][0]


@pytest.mark.parametrize("name", ["with%20space", "%C3%A9", "x" * 129])
def test_an_installation_has_visible_characters_and_is_not_long(client, asha, name):
    assert client.put(f"/v1/me/devices/{name}", json=PHONE, headers=asha).status_code == 422
    assert client.delete(f"/v1/me/devices/{name}", headers=asha).status_code == 422


def test_only_people_have_devices(client, database):
    assert client.put("/v1/me/devices/phone", json=PHONE).status_code == 401
    key = bearer(make_key(make_merchant()))
    assert client.put("/v1/me/devices/phone", json=PHONE, headers=key).status_code == 403


def test_the_key_of_web_push_is_public_and_stays_the_same(client):
    first = client.get("/v1/push-key")

    assert first.status_code == 200
    assert len(first.json["public_key"]) == 87
    assert client.get("/v1/push-key").json == first.json
