"""In whose name a command works."""

import pytest

from merchant_api.accounts import on_behalf
from merchant_api.accounts.errors import BadLogin, UnknownPerson
from merchant_api.accounts.models import MemberRole
from merchant_api.core import clock
from merchant_api.core.actor import Role
from merchant_api.core.errors import Forbidden
from tests.make.people import make_customer, make_member, make_merchant, make_person, saved

NEEDS = "sessions.count"


@pytest.fixture
def merchant(database):
    return make_merchant()


@pytest.mark.parametrize("role", list(MemberRole))
def test_a_member_works_in_her_own_name(merchant, role):
    person = make_member(merchant, role, "Deepa")

    actor = on_behalf.actor_of(merchant.id, person.email.upper(), NEEDS)

    assert (actor.role, actor.person_id, actor.name) == (Role(role), person.id, "Deepa")
    assert actor.merchant_id == merchant.id


def test_staff_works_for_every_merchant(merchant):
    person = make_person("Sita", is_staff=True)

    assert on_behalf.actor_of(merchant.id, person.email, NEEDS).role is Role.STAFF


def test_a_permission_that_was_withheld_is_missing(merchant):
    person = make_member(merchant)
    member = on_behalf.member_of(merchant.id, person.id)
    member.withheld = [NEEDS]
    saved(member)

    with pytest.raises(Forbidden, match=r"sessions\.count is missing"):
        on_behalf.actor_of(merchant.id, person.email, NEEDS)


def test_others_work_for_nobody(merchant):
    for person in (make_customer(merchant), make_member(make_merchant())):
        with pytest.raises(Forbidden, match="neither a member of this merchant nor staff"):
            on_behalf.actor_of(merchant.id, person.email, NEEDS)


def test_nobody_is_unknown_and_so_is_who_was_disabled(merchant):
    gone = make_member(merchant)
    gone.disabled_at = clock.now()
    saved(gone)

    for login in ("nobody@example.com", gone.email):
        with pytest.raises(UnknownPerson):
            on_behalf.actor_of(merchant.id, login, NEEDS)
    with pytest.raises(BadLogin):
        on_behalf.actor_of(merchant.id, "no login", NEEDS)
