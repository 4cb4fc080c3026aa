"""Passwords: hashed and compared, a few at a time."""

import threading
import time

import pytest

from merchant_api.accounts import passwords
from merchant_api.accounts.errors import HashingBusy

OLD = "$argon2id$v=19$m=19456,t=2,p=1$YW4gb2xkIHNhbHQgMTZieQ$m1T6AYbJ4e2LDRh6z+ZVUqKVFWl2N9xT1p3bqvWc0nI"


def test_a_password_is_right_in_whichever_form_its_letters_arrive() -> None:
    kept = passwords.hash_password("caf\u00e9 au lait")

    assert passwords.is_right("cafe\u0301 au lait", kept)
    assert not passwords.is_right("cafe au lait", kept)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("kept", [None, "!", "", "$argon2id$nonsense"])
def test_nobody_has_a_right_password_without_a_hash(kept: str | None) -> None:
    assert not passwords.is_right("seven singing bowls", kept)


def test_a_hash_tells_of_a_short_password_and_an_old_one_tells_nothing() -> None:
    short, long = (passwords.hash_password(text) for text in ("nine runs", "ten or more"))

    assert [passwords.is_of_short(kept) for kept in (short, long, "!", OLD)] == [True, False, False, False]
    assert passwords.is_right("nine runs", short)


@pytest.mark.parametrize(
    ("cores", "workers", "threads", "at_once"),
    [(2, 2, 8, 1), (16, 2, 8, 2), (64, 2, 8, 4), (16, 8, 32, 1), (1, 1, 1, 1)],
)
def test_the_processes_hash_on_a_quarter_of_the_cores_and_half_of_their_threads(
    monkeypatch: pytest.MonkeyPatch, cores: int, workers: int, threads: int, at_once: int
) -> None:
    monkeypatch.setattr(passwords, "cores", lambda: cores)

    assert passwords.share(workers, threads) == at_once


def test_a_process_whose_share_is_a_quarter_of_a_core_rests_between_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "cores", lambda: 2)
    for name in ("_lane", "_at_once", "_rest"):
        monkeypatch.setattr(passwords, name, getattr(passwords, name))
    passwords.allow(workers=2, threads=8)
    started, used = time.monotonic(), time.process_time()

    for _ in range(6):
        passwords.is_right("seven singing bowls", None)

    assert passwords.at_once() == 1
    assert time.process_time() - used < (time.monotonic() - started) * 0.5


def test_who_waits_too_long_for_a_hash_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAIT_S", 0.01)
    leave = threading.Event()
    held = [passwords._lane.submit(leave.wait, 20) for _ in range(passwords.at_once())]

    with pytest.raises(HashingBusy) as refused:
        passwords.is_right("seven singing bowls", None)
    leave.set()

    assert refused.value.members == {"retry_after": passwords.RETRY_AFTER_S}
    assert all(each.result() for each in held)
    monkeypatch.undo()
    assert not passwords.is_right("seven singing bowls", None)
