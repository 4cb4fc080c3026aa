"""What is sent and where to, a frozen shape for each medium: values that cross the border of this package.

Addresses and their keys are personal data: they appear in no repr, so in no log either.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

DEADLINE_S = 15.0  # of a push, whatever its receiver does: name, connection, TLS and answer
Kind = Literal["fcm_fid", "fcm_token", "web_push"]


@dataclass(frozen=True)
class PushAddress:
    """One installation of an app or a browser: a fid, a token, or a Web Push endpoint with its two keys."""

    kind: Kind
    address: str = field(repr=False)
    p256dh: str = field(default="", repr=False)
    auth: str = field(default="", repr=False)


@dataclass(frozen=True)
class Push:
    """One notification to one device.

    `id` is the delivery's and the same for every attempt, so that a receiver can drop a second copy.
    `tag` is the order's id, or the event's for news that stands beside it: a later message of the same tag replaces
    the earlier one, on the screen and in the line of a phone that is offline.
    `type` is the event's type or "order.withdrawn". `ttl_s` is the seconds left for which it has a point.
    `is_silent` shows nothing and tells the app to remove what it shows under `tag`.
    """

    id: str
    type: str
    tag: str
    title: str
    body: str
    data: Mapping[str, str]
    ttl_s: int
    is_silent: bool = False
