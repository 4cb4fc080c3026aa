"""Every kind of address finds its sender, or the log sink."""

from dataclasses import replace

import pytest

from notifications.message import Address, Kind, Message
from notifications.outcome import Later, Outcome, Sent
from notifications.send import Senders
from tests.notifications.conftest import MakeMessage

KINDS: tuple[Kind, ...] = ("fcm_fid", "fcm_token", "web_push")


class Noting:
    """A sender that notes what it was given and is asked to be patient."""

    def __init__(self) -> None:
        self.sent: list[Address] = []
        self.is_closed = False

    def send(self, address: Address, message: Message) -> Outcome:
        self.sent.append(address)
        return Later("noted")

    def close(self) -> None:
        self.is_closed = True


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_without_a_sender_goes_to_the_log_in_one_line(kind: Kind, make_message: MakeMessage) -> None:
    lines: list[str] = []
    senders = Senders(None, None, lines.append)
    message = make_message(title="Order\n7K2M")

    outcome = senders.send(Address(kind, "secret-address", "p", "a"), message)
    senders.close()

    assert outcome == Sent("log")
    words = "Order 7K2M | 2 × Shawl, NPR 3,000.00. Answer before 14:32."
    assert lines == [f"push ({kind}) order.requested {message.tag}: {words} [accept,decline]"]


def test_a_withdrawal_is_readable_in_the_log(make_message: MakeMessage) -> None:
    lines: list[str] = []
    silent = replace(make_message(), type="order.withdrawn", is_silent=True, data={})

    Senders(None, None, lines.append).send(Address("web_push", "x"), silent)

    assert lines == [f"push (web_push) order.withdrawn {silent.tag}: takes the notification back"]


def test_each_kind_finds_its_own_sender(make_message: MakeMessage) -> None:
    fcm, web_push = Noting(), Noting()
    senders = Senders(fcm, web_push, print)

    outcomes = [senders.send(Address(kind, kind), make_message()) for kind in KINDS]
    senders.close()

    assert outcomes == [Later("noted")] * 3
    assert [address.address for address in fcm.sent] == ["fcm_fid", "fcm_token"]
    assert [address.address for address in web_push.sent] == ["web_push"]
    assert fcm.is_closed
