"""People who are disabled, enabled or given a new password: theirs ends at once, and others notice nothing."""

import pytest
from flask import Flask

from merchant_api.accounts import enter, sign_in, standing
from merchant_api.accounts.authenticate import authenticate
from merchant_api.accounts.enter import Credentials
from merchant_api.accounts.errors import BadLogin, TooManyAttempts, UnknownPerson, WeakPassword, WrongLogin
from merchant_api.accounts.passwords import hash_password
from merchant_api.accounts.renew import renew
from merchant_api.accounts.sign_in import Tokens
from merchant_api.alerts import audience, devices
from merchant_api.alerts.devices import Target
from merchant_api.alerts.models import DeviceKind
from merchant_api.core import clock
from merchant_api.core.db import in_transaction
from merchant_api.core.errors import Invalid, Unauthenticated
from tests.make.people import make_member, make_merchant, make_person
from tests.make.tokens import make_key

LOGIN, PASSWORD, FRESH = "asha@example.com", "seven singing bowls", "eleven brass lamps"
HOME = "192.0.2.1"


def lives(token: str) -> bool:
    try:
        return bool(authenticate(token, None).id)
    except Unauthenticated:
        return False


def refreshes(pair: Tokens) -> bool:
    return in_transaction(lambda: renew(pair.refresh_token, clock.now())) is not None


def log_in(password: str) -> Tokens:
    return enter.log_in(Credentials(LOGIN, password), HOME)


def test_who_is_disabled_is_out_at_once_and_stays_out(database: Flask) -> None:
    make_person("Asha", email=LOGIN, password_hash=hash_password(PASSWORD))
    pairs = [log_in(PASSWORD) for _ in range(2)]

    ended = in_transaction(lambda: standing.disable("Asha@Example.com"))

    assert ended.sign_ins == 2
    assert [lives(pair.access_token) or refreshes(pair) for pair in pairs] == [False, False]
    with pytest.raises(WrongLogin):
        log_in(PASSWORD)


def test_who_is_enabled_signs_in_anew_and_what_was_ended_stays_so(database: Flask) -> None:
    make_person("Asha", email=LOGIN, password_hash=hash_password(PASSWORD))
    before = log_in(PASSWORD)
    in_transaction(lambda: standing.disable(LOGIN))

    in_transaction(lambda: standing.enable(LOGIN))

    assert lives(log_in(PASSWORD).access_token)
    assert not lives(before.access_token)
    assert not refreshes(before)


def test_disabling_twice_keeps_the_first_instant(database: Flask) -> None:
    person = make_person("Asha", email=LOGIN)
    in_transaction(lambda: standing.disable(LOGIN))
    first = person.disabled_at

    again = in_transaction(lambda: standing.disable(LOGIN))

    assert (again.sign_ins, again.person.disabled_at) == (0, first)


def test_a_reset_ends_all_sign_ins_and_the_old_password(database: Flask) -> None:
    make_person("Asha", email=LOGIN, password_hash=hash_password(PASSWORD))
    stolen = log_in(PASSWORD)

    ended = in_transaction(lambda: standing.reset(LOGIN, standing.fresh_hash(standing.whose(LOGIN), FRESH)))

    assert (ended.sign_ins, lives(stolen.access_token), refreshes(stolen)) == (1, False, False)
    with pytest.raises(WrongLogin):
        log_in(PASSWORD)
    assert lives(log_in(FRESH).access_token)


def test_who_was_locked_out_by_guesses_signs_in_after_a_reset(database: Flask) -> None:
    make_person("Asha", email=LOGIN, password_hash=hash_password(PASSWORD))
    for number in range(10):
        with pytest.raises(WrongLogin):
            log_in(f"wrong number {number}")
    with pytest.raises(TooManyAttempts):
        log_in(PASSWORD)

    in_transaction(lambda: standing.reset(LOGIN, standing.fresh_hash(standing.whose(LOGIN), FRESH)))

    assert lives(log_in(FRESH).access_token)


def test_nothing_of_other_people_ends(database: Flask) -> None:
    merchant = make_merchant()
    make_person("Asha", email=LOGIN)
    other = make_member(merchant)
    key, pair = make_key(merchant, of=other), in_transaction(lambda: sign_in.begin(other.id))

    in_transaction(lambda: standing.disable(LOGIN))
    in_transaction(lambda: standing.reset(LOGIN, standing.fresh_hash(standing.whose(LOGIN), FRESH)))

    assert lives(pair.access_token)
    assert refreshes(pair)
    assert lives(key)


def test_keys_that_are_bound_to_who_is_disabled_rest(database: Flask) -> None:
    merchant = make_merchant()
    person = make_member(merchant)
    bound, free = make_key(merchant, of=person), make_key(merchant)

    in_transaction(lambda: standing.disable(person.email or ""))
    meanwhile = lives(bound), lives(free)
    in_transaction(lambda: standing.enable(person.email or ""))

    assert (meanwhile, lives(bound)) == ((False, True), True)


def test_a_key_of_who_is_no_member_opens_nothing(database: Flask) -> None:
    assert not lives(make_key(make_merchant(), of=make_person()))


@pytest.mark.parametrize("end", ["disable", "reset"])
def test_no_phone_of_who_was_ended_is_rung(database: Flask, end: str) -> None:
    person = make_person("Asha", email=LOGIN)
    pair = in_transaction(lambda: sign_in.begin(person.id))
    target, mine = Target(DeviceKind.FCM_FID, "fid-of-asha"), sign_in.of_access(pair.access_token)
    in_transaction(lambda: devices.register(person.id, "phone", target, mine))

    if end == "disable":
        in_transaction(lambda: standing.disable(LOGIN))
        in_transaction(lambda: standing.enable(LOGIN))
    else:
        in_transaction(lambda: standing.reset(LOGIN, standing.fresh_hash(standing.whose(LOGIN), FRESH)))

    assert audience.devices_of([person.id]) == {}


@pytest.mark.parametrize(("login", "refusal"), [("nobody@example.com", UnknownPerson), ("nobody", BadLogin)])
def test_who_does_not_sign_in_cannot_be_ended(database: Flask, login: str, refusal: type[Exception]) -> None:
    for end in (standing.disable, standing.enable):
        with pytest.raises(refusal):
            end(login)


@pytest.mark.parametrize(
    ("password", "refusal"), [("short", Invalid), ("password1", WeakPassword), (LOGIN, WeakPassword)]
)
def test_a_reset_wants_a_password_like_everyones(database: Flask, password: str, refusal: type[Invalid]) -> None:
    whose = standing.PasswordFor(LOGIN, "Asha", is_member=False)

    with pytest.raises(refusal):
        standing.fresh_hash(whose, password)
