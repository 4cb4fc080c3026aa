"""What lies inside, in whatever way it is written, and what of it is seen without asking anybody."""

import pytest

from outside.guard import AddressFault, ForbiddenError, is_public
from outside.reach import EVERYWHERE, Reach

PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.0.9", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255"),
        *("192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.8", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "::127.0.0.1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1"),
        *("192.88.99.1", "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1"),
        *("5f00::1", "100::1", "2001:db8::1", "3fff::1", "fec0::1", "192.0.2.1", "198.51.100.1", "203.0.113.1"),
    ],
)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://push.example.com/x\\y", AddressFault.CHARACTERS),
        ("https://[8.8.8.8/", AddressFault.UNREADABLE),
        ("https://good@push.example.com/", AddressFault.USER),
        ("https://a_b.example.com/", AddressFault.HOST),
        ("http://push.example.com/", AddressFault.NOT_HTTPS),
        ("https://push.example.com:22/", AddressFault.PORT),
        *(
            (f"https://{host}/", AddressFault.INSIDE)
            for host in ("10.0.0.8", "127.1", "intranet", "printer.local", "[::1]")
        ),
    ],
)
def test_what_is_plainly_wrong_is_refused_and_says_why(url: str, why: AddressFault) -> None:
    with pytest.raises(ForbiddenError, match=str(why)) as refused:
        EVERYWHERE.look(url)

    assert refused.value.why is why


@pytest.mark.parametrize("host", ["push.example.com", "push.example.com.", PUBLIC, "[2606:4700::1111]"])
def test_what_lies_on_the_internet_may_be_stored(host: str) -> None:
    EVERYWHERE.look(f"https://{host}/x")


def test_a_host_that_is_opened_by_name_may_lie_inside_and_speak_http() -> None:
    reach = Reach(opened=frozenset({"Localhost:8099"}), only=frozenset({"push.example.com"}))

    reach.look("http://LOCALHOST:8099/x")

    with pytest.raises(ForbiddenError):
        reach.look("http://localhost:8098/x")


@pytest.mark.parametrize(
    ("host", "is_named"),
    [
        *(
            (host, True)
            for host in ("push.example.com", "PUSH.example.com.", "a.wide.example.org", "a.b.wide.example.org")
        ),
        *((host, False) for host in ("a.push.example.com", "wide.example.org", "xwide.example.org", "example.com")),
        *((host, False) for host in ("push.example.com.evil.net", PUBLIC, "[2606:4700::1111]")),
    ],
)
def test_where_hosts_are_named_the_others_are_neither_stored_nor_called(host: str, is_named: bool) -> None:
    reach = Reach(only=frozenset({"push.example.com", "*.wide.example.org"}))

    for ask in (reach.look, reach.target):
        if is_named:
            ask(f"https://{host}/x")
            continue
        with pytest.raises(ForbiddenError) as refused:
            ask(f"https://{host}/x")
        assert refused.value.why is AddressFault.NOT_NAMED


def test_a_host_that_is_named_and_lies_inside_stays_refused() -> None:
    with pytest.raises(ForbiddenError, match=str(AddressFault.INSIDE)):
        Reach(only=frozenset({"printer.local"})).look("https://printer.local/x")
