"""Firebase Cloud Messaging, HTTP v1, through firebase-admin: one message in, one outcome out, no second try.

firebase-admin would itself try a 503 four times and sleep out each Retry-After; here an adapter without retries and
with one deadline for all of it, the token included, is mounted, because our outbox decides when to try again. The
package is imported here only, so only the job process pays for it. Outcomes follow
https://firebase.google.com/docs/cloud-messaging/error-codes. Neither the address nor what Google answered in prose
goes into an outcome: its messages may repeat the address.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import firebase_admin
from firebase_admin import credentials, messaging
from firebase_admin.exceptions import DeadlineExceededError, FirebaseError
from google.auth.exceptions import GoogleAuthError, TransportError
from requests.exceptions import RequestException, Timeout

from notifications.message import DEADLINE_S, Push, PushAddress
from notifications.outcome import Gone, Later, Outcome, Refused, Sent
from notifications.payload import FCM_BYTES, carried, fit
from outside import one_try
from outside.one_try import within
from outside.retry_after import seconds_to_wait

CONNECTIONS = 64
LEAST_WAIT_S = 10.0
_LONGEST_TTL_S = 28 * 86_400
_TRY_AGAIN = frozenset({408, 429, 500, 502, 503, 504})


class FcmSender:
    """One Firebase project. Its `send` may be called from several threads at once."""

    def __init__(self, app: Any, now: Callable[[], datetime], deadline_s: float) -> None:
        # google-auth looks for regional boundaries beside each token and does without them; urllib3 warns of each try.
        logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
        self._app = app
        self._now = now
        self._deadline_s = deadline_s
        self._session = messaging._get_messaging_service(app)._client.session  # noqa: SLF001 (no public way, as of 7.7)
        one_try.mount(self._session, "https://fcm.googleapis.com", connections=CONNECTIONS)
        one_try.mount(self._session._auth_request_session, connections=CONNECTIONS)  # noqa: SLF001 (nor to its token)

    @classmethod
    def from_credentials(cls, path: str, *, now: Callable[[], datetime], deadline_s: float = DEADLINE_S) -> "FcmSender":
        """A sender for the project of a service account's JSON file; OSError or ValueError if it is none.

        `now` tells the time of day (aware); within `deadline_s` a message is sent or left.
        """
        account = credentials.Certificate(path)
        options = {"httpTimeout": deadline_s}
        return cls(firebase_admin.initialize_app(account, options, name=f"orderbell-{uuid4().hex}"), now, deadline_s)

    def send(self, address: PushAddress, message: Push) -> Outcome:
        """Sent with Google's name of the message, or what else became of it."""
        try:
            envelope = _envelope(address, fit(message, FCM_BYTES), self._now())
            str(envelope)  # encodes it, and with that lets firebase-admin check every field
        except (ValueError, TypeError, AttributeError) as error:
            return Refused(f"the message is not valid for FCM ({type(error).__name__})")
        with within(self._deadline_s) as watch:
            outcome = self._post(envelope)
        is_cut_off = watch.is_over and isinstance(outcome, Later)
        return Later("no answer from FCM in time", LEAST_WAIT_S) if is_cut_off else outcome

    def close(self) -> None:
        """Closes the connections; the sender is of no use afterwards."""
        firebase_admin.delete_app(self._app)
        self._session.close()

    def _post(self, envelope: messaging.Message) -> Outcome:
        try:
            return Sent(messaging.send(envelope, app=self._app))
        except FirebaseError as error:
            return self._outcome_of(error)
        except TransportError:
            return Later("Google's token endpoint cannot be reached")
        except GoogleAuthError:
            return Later("alarm: Google refuses the service account's key")
        except Timeout:
            return Later("no answer from FCM in time", LEAST_WAIT_S)
        except (RequestException, ValueError, LookupError, AttributeError, TypeError) as error:
            # The last four: an answer of another shape than FCM's, from something that stands in between.
            return Later(f"FCM's answer could not be read ({type(error).__name__})", LEAST_WAIT_S)

    def _outcome_of(self, error: FirebaseError) -> Outcome:
        response = error.http_response
        if response is None:
            if isinstance(error, DeadlineExceededError):
                return Later("no answer from FCM in time", LEAST_WAIT_S)
            return Later(f"FCM cannot be reached ({error.code})")
        answered = f"FCM answered {response.status_code} {error.code}"
        match error:
            case messaging.UnregisteredError():
                return Gone(f"FCM answered {response.status_code} UNREGISTERED")
            case messaging.SenderIdMismatchError():
                return Refused("alarm: the address belongs to another Firebase project (SENDER_ID_MISMATCH)")
            case messaging.ThirdPartyAuthError():
                return Later("alarm: Apple or the web push service refuses the Firebase project's key", LEAST_WAIT_S)
        if response.status_code == 401:
            return Later(f"alarm: {answered}, the credentials are not accepted", LEAST_WAIT_S)
        if response.status_code in _TRY_AGAIN or response.status_code > 504:
            stated = seconds_to_wait(response.headers.get("Retry-After"), self._now)
            return Later(answered, max(stated or 0.0, LEAST_WAIT_S))
        return Refused(answered)


def _envelope(address: PushAddress, message: Push, now: datetime) -> messaging.Message:
    ttl_s = min(max(message.ttl_s, 0), _LONGEST_TTL_S)
    envelope = messaging.Message(
        data=carried(message),
        notification=None if message.is_silent else messaging.Notification(message.title, message.body),
        android=_android(message, ttl_s),
        apns=_apns(message, now + timedelta(seconds=ttl_s)),
        webpush=_web(message, ttl_s),
    )
    if address.kind == "fcm_token":
        # Handed to the constructor it warns, and silencing a warning is not safe between threads.
        envelope.token = address.address
    else:
        envelope.fid = address.address
    return envelope


def _android(message: Push, ttl_s: int) -> messaging.AndroidConfig:
    """High priority rings a sleeping phone. Google lowers an app's when it shows nothing, so a silent one has none."""
    if message.is_silent:
        return messaging.AndroidConfig(priority="normal", ttl=ttl_s)
    shown = messaging.AndroidNotification(tag=message.tag, channel_id="orders", default_sound=True)
    return messaging.AndroidConfig(priority="high", ttl=ttl_s, notification=shown)


def _apns(message: Push, expires: datetime) -> messaging.APNSConfig:
    """`apns-expiration` is an instant. Apple takes silent messages with priority 5 only."""
    headers = {
        "apns-priority": "5" if message.is_silent else "10",
        "apns-push-type": "background" if message.is_silent else "alert",
        "apns-expiration": str(int(expires.timestamp())),
        "apns-collapse-id": message.tag,
    }
    shown = messaging.Aps(sound="default", category=message.type, thread_id=message.data.get("order_id", message.tag))
    aps = messaging.Aps(content_available=True) if message.is_silent else shown
    return messaging.APNSConfig(headers=headers, payload=messaging.APNSPayload(aps))


def _web(message: Push, ttl_s: int) -> messaging.WebpushConfig:
    headers = {"TTL": str(ttl_s), "Urgency": "normal" if message.is_silent else "high"}
    shown = None if message.is_silent else messaging.WebpushNotification(tag=message.tag)
    return messaging.WebpushConfig(headers=headers, notification=shown)
