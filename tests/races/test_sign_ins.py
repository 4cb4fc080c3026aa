"""A change of password, a removal or a disabling at the moment of what it ends: nothing of the old is left alive."""

import pytest
from sqlalchemy import select

from merchant_api.accounts import enter, keys, leavers_keys, lock, passwords, sign_in, standing, team
from merchant_api.accounts.authenticate import authenticate
from merchant_api.accounts.change_me import change
from merchant_api.accounts.enter import Credentials
from merchant_api.accounts.key_models import ApiKey
from merchant_api.accounts.keys import KeyAsked
from merchant_api.accounts.models import Person
from merchant_api.accounts.renew import renew
from merchant_api.accounts.sign_in_models import RefreshToken, SignIn
from merchant_api.core import clock
from merchant_api.core.actor import Role
from merchant_api.core.db import in_transaction, session
from merchant_api.core.errors import Unauthenticated
from tests.make.people import make_actor, make_member, make_merchant, make_person
from tests.races.rivals import at_once, deadlocks, in_own, said, unfinished

LOGIN, PASSWORD, FRESH = "maya@example.com", "seven singing bowls", "eleven brass lamps"
HOME = "192.0.2.1"


@pytest.fixture
def maya(crowd) -> Person:
    return make_person("Maya", email=LOGIN, password_hash=passwords.hash_password(PASSWORD))


def begin(person):
    return in_transaction(lambda: sign_in.begin(person.id))


def renewed(pair):
    return lambda: in_transaction(lambda: renew(pair.refresh_token, clock.now()))


def changed(person, pair, current=PASSWORD, fresh=FRESH):
    given = {"password": fresh, "current_password": current}
    return lambda: change(person.id, given, pair.access_token, HOME)


def log_in(password=PASSWORD):
    return lambda: enter.log_in(Credentials(LOGIN, password), HOME)


def living(person):
    """The sign-ins of a person that have a token left to refresh with."""
    session().rollback()
    unused = select(SignIn.id).join(RefreshToken, RefreshToken.sign_in_id == SignIn.id)
    unused = unused.where(SignIn.person_id == person.id, SignIn.ended_at.is_(None), RefreshToken.used_at.is_(None))
    return set(session().execute(unused).scalars())


def is_alive(token):
    try:
        return bool(authenticate(token, None).id)
    except Unauthenticated:
        return False
    finally:
        session().rollback()


def test_refreshes_at_the_moment_of_a_change_of_password_leave_one_family(crowd, maya):
    here, stolen = begin(maya), [begin(maya) for _ in range(5)]

    results = at_once(crowd, [changed(maya, here), *(renewed(pair) for pair in stolen), renewed(here)])

    assert living(maya) == {sign_in.of_access(here.access_token)}
    dead = [pair.access_token for pair in (*stolen, *results[1:-1]) if pair is not None]
    assert not any(is_alive(token) for token in dead)
    assert is_alive(here.access_token)
    assert is_alive(results[-1].access_token)
    assert deadlocks() == 0


@pytest.mark.parametrize("first", ["the change", "the refresh"])
def test_whichever_of_a_refresh_and_a_change_is_first_the_old_family_is_over(crowd, maya, first):
    here, stolen = begin(maya), begin(maya)
    session().rollback()

    def end() -> None:
        sign_in.end_others(lock.lock_person(maya.id).id, sign_in.of_access(here.access_token))

    def refresh():
        return renew(stolen.refresh_token, clock.now())

    opening, rival = (end, refresh) if first == "the change" else (refresh, end)
    with unfinished(crowd, opening) as queue:
        queue.join(in_own(rival))
        given = queue.let_go()[0]

    assert living(maya) == {sign_in.of_access(here.access_token)}
    assert given is None


def test_logins_with_the_old_password_during_the_change_leave_nothing_alive(crowd, maya):
    here = begin(maya)

    results = at_once(crowd, [changed(maya, here), *[log_in()] * 6])

    assert living(maya) == {sign_in.of_access(here.access_token)}
    given = [result for result in results[1:] if hasattr(result, "access_token")]
    assert not any(is_alive(pair.access_token) for pair in given)
    assert {result.code for result in results[1:] if result not in given} <= {"wrong_login"}


def test_a_login_that_looked_at_the_old_password_before_the_change_is_refused(crowd, maya):
    fresh = passwords.hash_password(FRESH)

    with unfinished(crowd, lambda: standing.reset(LOGIN, fresh)) as queue:
        queue.join(log_in())
        refused = queue.let_go()

    assert said(refused) == {"wrong_login": 1}
    assert living(maya) == set()


def test_a_login_at_the_moment_of_disabling_is_refused(crowd, maya):
    with unfinished(crowd, lambda: standing.disable(LOGIN)) as queue:
        queue.join(log_in())
        refused = queue.let_go()

    assert said(refused) == {"wrong_login": 1}
    assert living(maya) == set()


def test_of_two_changes_of_password_at_once_one_succeeds(crowd, maya):
    pairs = [begin(maya), begin(maya)]

    results = at_once(crowd, [changed(maya, pair, fresh=f"{FRESH} {each}") for each, pair in enumerate(pairs)])

    told = said(results)
    assert told["ok"] == 1
    assert set(told) - {"ok"} <= {"wrong_password", "unauthenticated"}
    assert len(living(maya)) == 1


def test_a_key_that_is_made_while_its_maker_is_removed_is_not_left(crowd):
    merchant = make_merchant()
    maker, owner = make_member(merchant, name="Maya"), make_member(merchant)
    hers, others = (make_actor(Role.OWNER, person=each, merchant_id=merchant.id) for each in (maker, owner))

    def remove() -> None:
        team.remove(merchant.id, maker.id, others)
        leavers_keys.revoke(merchant.id, maker.id, others)

    with unfinished(crowd, remove) as queue:
        queue.join(in_own(lambda: keys.make_key(merchant.id, KeyAsked("Shop", ["orders.read"]), hers)))
        refused = queue.let_go()

    assert said(refused) == {"forbidden": 1}
    rows = select(ApiKey).where(ApiKey.merchant_id == merchant.id, ApiKey.revoked_at.is_(None))
    assert session().execute(rows).all() == []
