"""Endpoints of a person's devices and notifications, and the key that browsers subscribe with."""

from uuid import UUID

from flask import Blueprint, request

from merchant_api.accounts import sign_in
from merchant_api.alerts import check, devices, inbox, web_keys
from merchant_api.alerts.inbox import NotificationSent
from merchant_api.alerts.models import Device
from merchant_api.alerts.schemas import (
    DeviceGiven,
    DeviceIn,
    DeviceOut,
    DevicePageOut,
    NotificationPageOut,
    PushKeyOut,
)
from merchant_api.core.actor import Actor
from merchant_api.core.endpoint import endpoint
from merchant_api.core.errors import Forbidden
from merchant_api.core.gate import PUBLIC, SIGNED_IN
from merchant_api.core.installed import settings
from merchant_api.core.paging import Page, PageIn, Window

alerts = Blueprint("alerts", __name__)


@endpoint(alerts, "GET", "/push-key", needs=PUBLIC, reply=PushKeyOut)
def read_push_key(**_: object) -> dict[str, str]:
    """The public key that browsers subscribe to Web Push with."""
    return {"public_key": web_keys.public_key()}


@endpoint(alerts, "GET", "/me/devices", needs=SIGNED_IN, reply=DevicePageOut)
def list_devices(actor: Actor) -> Page[Device]:
    """The devices on which you are told; at most 20."""
    return Page(devices.of_person(_person(actor)), None)


@endpoint(alerts, "PUT", "/me/devices/<string:installation>", needs=SIGNED_IN, body=DeviceIn, reply=DeviceOut)
def put_device(installation: str, body: DeviceGiven, actor: Actor) -> Device:
    """Register this installation or refresh its address, which leaves whoever had it before."""
    check.installation(installation)
    check.target(body.target, check.reach(settings()))
    return devices.register(_person(actor), installation, body.target, _sign_in())


@endpoint(alerts, "DELETE", "/me/devices/<string:installation>", needs=SIGNED_IN, status=204)
def drop_device(installation: str, actor: Actor) -> None:
    """Tell this installation nothing more; doing so twice is harmless."""
    check.installation(installation)
    devices.unregister(_person(actor), installation)


@endpoint(alerts, "GET", "/me/notifications", needs=SIGNED_IN, query=PageIn, reply=NotificationPageOut)
def list_notifications(query: Window, actor: Actor) -> Page[NotificationSent]:
    """What you were told, newest first, and how it went to your devices."""
    return inbox.of_person(_person(actor), query)


@endpoint(alerts, "POST", "/me/notifications/<uuid:notification_id>/seen", needs=SIGNED_IN, status=204)
def see_notification(notification_id: UUID, actor: Actor) -> None:
    """The receipt that a notification was seen; the first time counts."""
    inbox.see(_person(actor), notification_id)


def _sign_in() -> UUID | None:
    authorization = request.authorization
    return None if authorization is None else sign_in.of_access(authorization.token or "")


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise Forbidden
    return actor.person_id
