"""Web Push (RFC 8030) to browsers: encrypted by RFC 8291, signed by RFC 8292 (VAPID), no Firebase project needed.

pywebpush encrypts and py-vapid signs; the request goes through `outside`, because the endpoint is an address that a
user gave. Neither the endpoint nor what its service answered in prose goes into an outcome.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from http_ece import ECEException
from py_vapid import Vapid02
from pywebpush import WebPusher, WebPushException

from notifications.message import DEADLINE_S, Push, PushAddress
from notifications.outcome import Gone, Later, Outcome, Refused, Sent
from notifications.payload import WEB_PUSH_BYTES, as_json, fit
from outside.exchange import Outside, ReceivedAnswer, UnreachableError
from outside.guard import ForbiddenError
from outside.reach import EVERYWHERE, Reach
from outside.retry_after import seconds_to_wait

_SIGNED_FOR_S = 12 * 3600
_LONGEST_TTL_S = 28 * 86_400


class WebPushSender:
    """Sends with one VAPID key pair. Its `send` may be called from several threads at once.

    `private_key_pem` is an unencrypted P-256 key in PKCS 8, `subject` a mailto: or https: address of ours that push
    services may turn to, `reach` which services are called.
    Raises ValueError if the key is none.
    """

    def __init__(
        self,
        private_key_pem: str,
        subject: str,
        reach: Reach = EVERYWHERE,
        *,
        now: Callable[[], datetime],
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._vapid = Vapid02.from_pem(private_key_pem.encode())
        self._subject = subject
        self._now = now
        self._deadline_s = deadline_s
        self._outside = Outside(reach)

    def send(self, address: PushAddress, message: Push) -> Outcome:
        """Sent when the push service took it (any 2xx), or what else became of it."""
        try:
            body = _encrypted(address, as_json(fit(message, WEB_PUSH_BYTES)))
        except (ValueError, IndexError, binascii.Error, WebPushException, ECEException) as error:
            return Refused(f"the message or the subscription's keys are not valid ({type(error).__name__})")
        try:
            headers = self._headers(address.address, message)
            return self._outcome_of(self._outside.post(address.address, body, headers, self._deadline_s))
        except (ForbiddenError, ValueError) as error:
            return Refused(str(error) if isinstance(error, ForbiddenError) else "the address cannot be read")
        except UnreachableError as error:
            return Later(f"push service: {error}")

    def _headers(self, endpoint: str, message: Push) -> dict[str, str]:
        service = urlsplit(endpoint)
        claims = {
            "aud": f"{service.scheme}://{service.netloc}",
            "exp": int(self._now().timestamp()) + _SIGNED_FOR_S,
            "sub": self._subject,
        }
        return {
            "Authorization": self._vapid.sign(claims)["Authorization"],
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(min(max(message.ttl_s, 0), _LONGEST_TTL_S)),
            "Urgency": "normal" if message.is_silent else "high",
            "Topic": topic_of(message.tag),
        }

    def _outcome_of(self, answer: ReceivedAnswer) -> Outcome:
        answered = f"the push service answered {answer.status}"
        if 200 <= answer.status < 300:
            return Sent()
        if answer.status in (404, 410):
            return Gone(answered)
        if answer.status in (408, 429) or answer.status >= 500:
            return Later(answered, seconds_to_wait(answer.headers.get("retry-after"), self._now))
        return Refused(f"alarm: {answered}" if answer.status in (401, 403) else answered)


def topic_of(tag: str) -> str:
    """32 URL-safe characters, the most that RFC 8030 allows: of one topic, the service keeps the latest message."""
    return base64.urlsafe_b64encode(hashlib.sha256(tag.encode()).digest()[:24]).decode()


def _encrypted(address: PushAddress, payload: bytes) -> bytes:
    keys = {"p256dh": address.p256dh, "auth": address.auth}
    pusher = WebPusher({"endpoint": address.address, "keys": keys})
    return bytes(pusher.encode(payload, content_encoding="aes128gcm")["body"])
