"""The senders of this process, from its settings; what no sender takes is printed where `make run` shows it."""

import sys

from jobs import wake
from jobs.sending.carrier import Carrier
from jobs.sending.deliver import Deliveries
from jobs.sending.desk import DeliveryParcel
from jobs.sending.lanes import Lanes
from jobs.sending.push import PushDesk
from jobs.sending.widths import IN_ALL, WIDTHS
from merchant_api.alerts import check, web_keys
from merchant_api.core import clock
from merchant_api.core.db import in_transaction
from merchant_api.core.settings import BadSetting, Settings
from merchant_api.outbox.models import Delivery
from notifications.fcm import FcmSender
from notifications.send import Senders
from notifications.web_push import WebPushSender


class Sending:
    """The deliveries of one process. Its keys are read on the first turn, which may find the database away."""

    def __init__(self, settings: Settings) -> None:
        """Raises BadSetting for credentials that are none."""
        self._settings = settings
        self._fcm = _fcm(settings.google_credentials, settings.push_deadline_s)
        self._carrier: Carrier[Delivery, DeliveryParcel] | None = None
        self._senders: Senders | None = None

    def turn(self) -> int:
        """One turn of the carrier."""
        if self._carrier is None:
            self._senders = Senders(self._fcm, self._web_push(), deadline_s=self._settings.push_deadline_s)
            cargo = Deliveries([PushDesk(self._senders, say)])
            self._carrier = Carrier(cargo, Lanes(WIDTHS, IN_ALL), wake.deliver)
        return self._carrier.turn()

    @property
    def is_busy(self) -> bool:
        """Whether anything is on its way or not yet recorded."""
        return self._carrier is not None and self._carrier.is_busy

    def drain(self, within_s: float) -> bool:
        """Finish what is on its way; gives whether nothing is left."""
        return self._carrier is None or self._carrier.drain(within_s)

    def close(self) -> None:
        """Close connections."""
        if self._senders is not None:
            self._senders.close()

    def _web_push(self) -> WebPushSender:
        pem = in_transaction(web_keys.keys).private_pem
        settings = self._settings
        reach, deadline_s = check.reach(settings), settings.push_deadline_s
        return WebPushSender(pem, settings.push_contact, reach, now=clock.now, deadline_s=deadline_s)


def say(line: str) -> None:
    """One line on standard output, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _fcm(credentials: str, deadline_s: float) -> FcmSender | None:
    if not credentials:
        return None
    try:
        return FcmSender.from_credentials(credentials, now=clock.now, deadline_s=deadline_s)
    except (OSError, ValueError) as error:
        raise BadSetting("GOOGLE_APPLICATION_CREDENTIALS names a file that is no service account") from error
