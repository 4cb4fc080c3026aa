"""Devices of people."""

from itertools import count

from merchant_api.accounts.models import Person
from merchant_api.alerts import devices
from merchant_api.alerts.devices import Target
from merchant_api.alerts.models import Device, DeviceKind
from merchant_api.core.db import session
from tests.fakes.push_receiver import Subscription

_numbers = count(1)


def make_phone(person: Person, address: str = "", installation: str = "phone") -> Device:
    """A phone that Firebase reaches; its address is fresh unless it is stated."""
    target = Target(DeviceKind.FCM_FID, address or f"fid-{next(_numbers)}")
    device = devices.register(person.id, installation, target)
    session().commit()
    return device


def make_browser(person: Person, subscription: Subscription, installation: str = "browser") -> Device:
    """A browser that a push service reaches."""
    target = Target(DeviceKind.WEB_PUSH, subscription.endpoint, subscription.p256dh, subscription.auth)
    device = devices.register(person.id, installation, target)
    session().commit()
    return device
