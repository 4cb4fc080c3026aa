"""Members: who becomes one, also at the same moment as others."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from merchant_api.accounts import invite, passwords, people, team
from merchant_api.accounts.errors import AlreadyMember, LastOwner, TooShortToJoin
from merchant_api.accounts.models import Member, MemberRole
from merchant_api.accounts.team import NewMember
from merchant_api.core.actor import Role
from merchant_api.core.db import in_transaction, session
from merchant_api.core.tenancy import of
from tests.make.people import make_actor, make_customer, make_member, make_merchant, make_person


def test_two_owners_who_remove_each_other_at_once_leave_one(fresh: Flask) -> None:
    merchant = make_merchant()
    owners = [make_member(merchant).id, make_member(merchant).id]

    def remove(person_id: UUID) -> bool:
        with fresh.app_context():
            try:
                in_transaction(lambda: team.remove(merchant.id, person_id, make_actor()), of(merchant.id))
            except LastOwner:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(remove, owners))

    assert sorted(done) == [False, True]
    left = session().execute(select(Member.person_id).where(Member.merchant_id == merchant.id)).scalars().all()
    assert left == [owners[done.index(False)]]


def test_one_person_added_many_times_at_once_is_one_member(fresh: Flask) -> None:
    merchant, person = make_merchant(), make_person()

    def add(role: MemberRole) -> bool:
        with fresh.app_context():
            wanted = NewMember(role, person_id=person.id)
            try:
                in_transaction(lambda: invite.bring_in(merchant.id, wanted, make_actor(Role.STAFF)), of(merchant.id))
            except AlreadyMember:
                return False
            return True

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(add, [MemberRole.CLERK] * 6))

    assert done.count(True) == 1


@pytest.mark.parametrize(("password", "joins"), [("xk29fjqpz", False), ("xk29fjqpzr", True)])
def test_who_is_known_to_have_a_short_password_changes_it_before_she_joins(
    database: Flask, password: str, joins: bool
) -> None:
    merchant = make_merchant()
    person = make_person(password_hash=passwords.hash_password(password))

    wanted = NewMember(MemberRole.CLERK, person.email)

    def add() -> object:
        work = partial(invite.bring_in, merchant.id, wanted, make_actor(Role.STAFF))
        return in_transaction(work, of(merchant.id))

    if joins:
        assert add()
    else:
        with pytest.raises(TooShortToJoin):
            add()
    assert people.works(person.id) is joins


def test_staff_and_members_are_at_work_and_customers_are_not(database: Flask) -> None:
    merchant = make_merchant()

    assert people.works(make_member(merchant).id)
    assert people.works(make_person(is_staff=True).id)
    assert not people.works(make_customer(merchant).id)
