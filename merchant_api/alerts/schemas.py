"""Shapes of devices and notifications. An address goes in and never comes out."""

from dataclasses import dataclass, field

from marshmallow import fields

from merchant_api.alerts.devices import Target
from merchant_api.alerts.models import DeviceKind
from merchant_api.core.paging import page_of
from merchant_api.core.schema import In, InstantOut, Out, Text


@dataclass(frozen=True, slots=True)
class DeviceGiven:
    """A device as it was sent."""

    kind: DeviceKind
    address: str = field(repr=False)
    p256dh: str = field(default="", repr=False)
    auth: str = field(default="", repr=False)

    @property
    def target(self) -> Target:
        """How it is reached."""
        return Target(self.kind, self.address, self.p256dh, self.auth)


class DeviceIn(In):
    """How this installation is reached; the two keys belong to web_push."""

    makes = DeviceGiven
    kind = fields.Enum(DeviceKind, by_value=fields.String, required=True)
    address = Text(most=2048, required=True)
    p256dh = Text(most=128, least=0, load_default="")
    auth = Text(most=64, least=0, load_default="")


class DeviceOut(Out):
    """A device of the person who asks."""

    installation = fields.String(required=True)
    kind = fields.Enum(DeviceKind, by_value=fields.String, required=True)
    created_at = InstantOut(required=True)
    refreshed_at = InstantOut(required=True)


DevicePageOut = page_of(DeviceOut)


class PushKeyOut(Out):
    """What a browser needs to subscribe (applicationServerKey)."""

    public_key = fields.String(required=True)


class SentOut(Out):
    """One delivery of a notification; `medium` is how the device is reached: fcm or web_push."""

    medium = fields.String(required=True, attribute="address_kind")
    state = fields.String(required=True)


class NotificationOut(Out):
    """What the person was told."""

    id = fields.UUID(required=True, attribute="notification.id")
    type = fields.String(required=True, attribute="notification.type")
    title = fields.String(required=True, attribute="notification.title")
    body = fields.String(required=True, attribute="notification.body")
    data = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        attribute="notification.data",
        metadata={"description": "As in a push: the instants that the words tell (RFC 3339, UTC) and what to act on."},
    )
    order_id = fields.UUID(required=True, allow_none=True, attribute="notification.order_id")
    merchant_id = fields.UUID(required=True, attribute="notification.merchant_id")
    created_at = InstantOut(required=True, attribute="notification.created_at")
    seen_at = InstantOut(required=True, allow_none=True, attribute="notification.seen_at")
    deliveries = fields.List(fields.Nested(SentOut), required=True)


NotificationPageOut = page_of(NotificationOut)
