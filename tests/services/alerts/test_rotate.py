"""Rotating the secret keys: what lay under the older one opens with the newest alone."""

from flask import Flask

from merchant_api.alerts import devices, rotate, web_keys
from merchant_api.alerts.devices import Target
from merchant_api.alerts.models import DeviceKind
from merchant_api.core.db import session
from merchant_api.core.seal import Seal
from tests.make.people import make_person

OLD, NEW = "o" * 40, "n" * 40


def _uses(app: Flask, *secrets: str) -> None:
    app.extensions["orderbell.seal"] = Seal(secrets)


def test_everything_opens_with_the_newest_key_alone(fresh: Flask):
    _uses(fresh, OLD)
    person = make_person()
    device = devices.register(person.id, "phone", Target(DeviceKind.WEB_PUSH, "https://push.example/1", "p", "a"))
    version, before = device.version, web_keys.keys()
    session().commit()

    _uses(fresh, NEW, OLD)
    turned = rotate.turn_devices(None)
    assert (turned.number, turned.lost, rotate.turn_web_keys()) == (1, 0, 1)
    session().commit()

    _uses(fresh, NEW)
    [row] = devices.of_person(person.id)
    assert devices.opened(row).address == "https://push.example/1"
    assert row.version == version
    assert web_keys.keys() == before
    again = devices.register(make_person().id, "other", Target(DeviceKind.WEB_PUSH, "https://push.example/1"))
    assert devices.of_person(person.id) == []
    assert again.version == 1


def test_a_second_turn_finds_nothing_to_do(fresh: Flask):
    _uses(fresh, OLD)
    devices.register(make_person().id, "phone", Target(DeviceKind.FCM_FID, "fid"))
    session().commit()

    first = rotate.turn_devices(None)

    assert (first.number, first.lost) == (0, 0)
    assert rotate.turn_devices(first.last).last is None


def test_what_no_key_opens_is_counted_and_left(fresh: Flask):
    _uses(fresh, OLD)
    person = make_person()
    devices.register(person.id, "phone", Target(DeviceKind.FCM_FID, "fid"))
    session().commit()

    _uses(fresh, NEW)

    assert rotate.turn_devices(None).lost == 1
    assert len(devices.of_person(person.id)) == 1
