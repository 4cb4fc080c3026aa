"""What an app gets beside the words, and how it is kept small enough to be delivered.

Apple and Google refuse more than 4,096 bytes, Web Push promises 3,993 after encryption. Words are cut before data are,
on the edge of a code point; what an app needs to act is never cut.
"""

import json
from collections.abc import Mapping
from dataclasses import replace

from notifications.message import Push
from notifications.wording import Audience

WEB_PUSH_BYTES = 3993
# Of the 4,096 bytes, what the wrapping for Apple takes: alert, sound, category, thread, keys.
FCM_BYTES = 4096 - 512

# Every instant that words may tell, so that an app can tell it by the clock of whoever reads.
INSTANTS = ("respond_by", "pay_by", "cancel_respond_by", "ready_at", "dispute_answer_by")
_NEEDED = frozenset({"order_id", "code", *INSTANTS, "actions", "audience", "merchant_id", "merchant_time_zone"})
_TAKEN_OVER = ("order_id", "code", "state", *INSTANTS, "placed_at", "reason", "merchant_name", "merchant_time_zone")
_ACTIONS = {"order.requested": "accept,decline", "order.cancel_requested": "grant,refuse"}


def data_for(event_type: str, audience: Audience, payload: Mapping[str, object]) -> dict[str, str]:
    """The `data` of a message: what an app needs to show the order and to answer it. All values are strings."""
    data = {key: str(payload[key]) for key in _TAKEN_OVER if payload.get(key) is not None}
    data["audience"] = audience
    if event_type in _ACTIONS and audience == "merchant":
        data["actions"] = _ACTIONS[event_type]
    return data


def carried(message: Push) -> dict[str, str]:
    """The data as they travel: the caller's, with the message's own id, type and tag, which win."""
    return {
        "order_id": message.tag,
        **message.data,
        "id": message.id,
        "type": message.type,
        "tag": message.tag,
        "silent": "true" if message.is_silent else "false",
    }


def as_json(message: Push) -> bytes:
    """The body of a Web Push, which the service worker reads."""
    fields = {"title": message.title, "body": message.body, "data": carried(message)}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def fit(message: Push, limit: int) -> Push:
    """The message with its words, then its dispensable data, cut until it takes at most `limit` bytes.

    Raises ValueError if what is needed alone is larger, or if a text is no valid Unicode.
    """
    message = replace(message, body=_shortened_by(message.body, _size(message) - limit))
    message = replace(message, title=_shortened_by(message.title, _size(message) - limit))
    if _size(message) > limit:
        message = replace(message, data={key: value for key, value in message.data.items() if key in _NEEDED})
    if _size(message) > limit:
        raise ValueError(f"the message takes more than {limit} bytes")
    return message


def shorten(text: str, limit: int) -> str:
    """The text in at most `limit` bytes of UTF-8, an ellipsis at the end if something was cut."""
    whole = text.encode()
    if len(whole) <= limit:
        return text
    kept = whole[: max(0, limit - len("…".encode()))].decode(errors="ignore")
    return kept + "…" if limit >= len("…".encode()) else ""


def _size(message: Push) -> int:
    return len(as_json(message))


def _shortened_by(text: str, excess: int) -> str:
    """A byte of text takes at least one of JSON, so what leaves the text leaves the message."""
    return text if excess <= 0 else shorten(text, max(0, len(text.encode()) - excess))
