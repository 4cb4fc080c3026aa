"""Passwords: hashed, compared, and refused where anyone would guess them."""

import threading

import pytest

from merchant_api.accounts import passwords
from merchant_api.accounts.errors import WeakPassword
from merchant_api.core.errors import Unavailable


def test_a_password_is_right_in_whichever_form_its_letters_arrive() -> None:
    kept = passwords.hash_password("caf\u00e9 au lait")

    assert passwords.is_right("cafe\u0301 au lait", kept)
    assert not passwords.is_right("cafe au lait", kept)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("kept", [None, "!", "", "$argon2id$nonsense"])
def test_nobody_has_a_right_password_without_a_hash(kept: str | None) -> None:
    assert not passwords.is_right("seven singing bowls", kept)


@pytest.mark.parametrize("password", ["password", "PassWord123", "aaaaaaaa", "Asha@example.com"])
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        passwords.check_strength(password, "asha@example.com")


def test_no_more_than_two_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAIT_S", 0.01)
    inside, leave = threading.Barrier(passwords.AT_ONCE + 1), threading.Event()
    holders = [threading.Thread(target=_hold, args=(inside, leave)) for _ in range(passwords.AT_ONCE)]
    for holder in holders:
        holder.start()
    inside.wait(timeout=5)

    with pytest.raises(Unavailable):
        passwords.is_right("seven singing bowls", None)
    leave.set()
    for holder in holders:
        holder.join()

    assert not passwords.is_right("seven singing bowls", None)


def _hold(inside: threading.Barrier, leave: threading.Event) -> None:
    with passwords._turn():
        inside.wait(timeout=5)
        leave.wait(timeout=5)
