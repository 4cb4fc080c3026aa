"""Every kind of address finds its sender, or the log sink."""

import pytest

from notifications.message import Kind, Push, PushAddress
from notifications.outcome import Later, Outcome, Sent
from notifications.send import Senders
from tests.notifications.conftest import MakeMessage

KINDS: tuple[Kind, ...] = ("fcm_fid", "fcm_token", "web_push")


class Noting:
    """A sender that notes what it was given and is asked to be patient."""

    def __init__(self) -> None:
        self.sent: list[PushAddress] = []
        self.is_closed = False

    def send(self, address: PushAddress, message: Push) -> Outcome:
        self.sent.append(address)
        return Later("noted")

    def close(self) -> None:
        self.is_closed = True


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_without_a_sender_goes_to_the_log(kind: Kind, make_message: MakeMessage) -> None:
    senders = Senders(None, None)

    outcome = senders.send(PushAddress(kind, "secret-address", "p", "a"), make_message())
    senders.close()

    assert outcome == Sent("log")


def test_each_kind_finds_its_own_sender(make_message: MakeMessage) -> None:
    fcm, web_push = Noting(), Noting()
    senders = Senders(fcm, web_push)

    outcomes = [senders.send(PushAddress(kind, kind), make_message()) for kind in KINDS]
    senders.close()

    assert outcomes == [Later("noted")] * 3
    assert [address.address for address in fcm.sent] == ["fcm_fid", "fcm_token"]
    assert [address.address for address in web_push.sent] == ["web_push"]
    assert fcm.is_closed
