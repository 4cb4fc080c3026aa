"""Becoming a member and taking a short password at the same moment: no member is left with one."""

import pytest

from merchant_api.accounts import enter, passwords, standing, team
from merchant_api.accounts.change_me import change
from merchant_api.accounts.models import Person
from tests.make.people import make_merchant, make_person
from tests.races.rivals import in_own, said, unfinished

LOGIN, PASSWORD, SHORT, HOME = "maya@example.com", "seven singing bowls", "gr7!vYq2z", "192.0.2.1"


@pytest.fixture
def maya(crowd) -> Person:
    return make_person("Maya", email=LOGIN, password_hash=passwords.hash_password(PASSWORD))


def shortens(person, pair):
    given = {"password": SHORT, "current_password": PASSWORD}
    return lambda: change(person.id, given, pair.access_token, HOME)


def joins(merchant, person):
    return lambda: team.add_member(merchant.id, person.id, "clerk")


def test_who_becomes_a_member_while_her_new_password_is_hashed_keeps_the_old_one(crowd, maya):
    pair = enter.log_in(enter.Credentials(LOGIN, PASSWORD), HOME)

    with unfinished(crowd, joins(make_merchant(), maya)) as queue:
        queue.join(shortens(maya, pair))
        refused = queue.let_go()

    assert said(refused) == {"password_too_short": 1}
    assert enter.log_in(enter.Credentials(LOGIN, PASSWORD), HOME)


def test_who_takes_a_short_password_meanwhile_becomes_no_member(crowd, maya):
    merchant, short = make_merchant(), passwords.hash_password(SHORT)

    with unfinished(crowd, lambda: standing.reset(LOGIN, short)) as queue:
        queue.join(in_own(joins(merchant, maya)))
        refused = queue.let_go()

    assert said(refused) == {"password_too_short_to_join": 1}
