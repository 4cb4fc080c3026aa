"""One push made ready to send: its lanes, its message, and what becomes of its address."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from jobs.sending.lanes import Lane
from jobs.sending.widths import lanes_of_push
from merchant_api.alerts import devices
from merchant_api.alerts.devices import Target
from merchant_api.alerts.models import Device, DeviceKind
from merchant_api.core import clock
from merchant_api.core.db import in_transaction
from merchant_api.outbox.models import Delivery
from notifications.message import Push, PushAddress
from notifications.outcome import Gone, Outcome
from notifications.send import LOGGED, Senders


@dataclass(frozen=True, slots=True)
class PushParcel:
    """A delivery, the device as it was when it was leased, how it is reached, and who reads it."""

    row: Delivery
    device: Device
    target: Target = field(repr=False)
    senders: Senders = field(repr=False)
    say: Callable[[str], None] = field(repr=False)
    reader: str = ""

    def send(self) -> Outcome:
        """Hand it to the sender of its address."""
        return self.senders.send(self.address, self.message)

    def settle(self, outcome: Outcome) -> None:
        """A dead address is dropped; what no sender took is said."""
        if outcome == LOGGED:
            self.say(self.line)
        if isinstance(outcome, Gone):
            in_transaction(lambda: devices.drop_if_unchanged(self.device))

    @property
    def address(self) -> PushAddress:
        """For the senders."""
        to = self.target
        return PushAddress(to.kind.value, to.address, to.p256dh, to.auth)

    @property
    def message(self) -> Push:
        """For the senders; what is left of its time is counted now."""
        left_s = (self.row.expires_at - clock.now()).total_seconds()
        return Push(id=str(self.row.id), ttl_s=max(0, int(left_s)), **self.row.message)

    @property
    def lanes(self) -> list[Lane]:
        """Where it counts while it is on its way."""
        row = self.row
        found = lanes_of_push(row)
        if self.target.kind is DeviceKind.WEB_PUSH:
            found.append(("host", f"{row.audience}:{urlsplit(self.target.address).netloc}"))
        return found

    @property
    def line(self) -> str:
        """The message as one line for people, where no sender is set up; it names the reader and no address."""
        message = self.message
        words = "takes the notification back" if message.is_silent else f"{message.title}: {message.body}"
        actions = message.data.get("actions", "").replace(",", "|")
        offered = f" [{actions}]" if actions else ""
        who = f"{self.reader or 'somebody'} ({message.data.get('audience', '')}, {self.row.address_id})"
        return " ".join(f"[push] to {who}: {words}{offered}".split())
