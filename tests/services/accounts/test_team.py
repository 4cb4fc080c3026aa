"""Members under real concurrency."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from merchant_api.accounts import team
from merchant_api.accounts.errors import AlreadyMember, LastOwner
from merchant_api.accounts.models import Member, MemberRole
from merchant_api.accounts.team import Invitation
from merchant_api.core.db import in_transaction, session
from merchant_api.core.tenancy import of
from tests.make.people import make_actor, make_member, make_merchant, make_person


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


def test_one_person_invited_many_times_at_once_is_one_member(fresh: Flask) -> None:
    merchant, person = make_merchant(), make_person()

    def invite(role: MemberRole) -> bool:
        with fresh.app_context():
            invitation = Invitation(role, person_id=person.id)
            try:
                in_transaction(lambda: team.invite(merchant.id, invitation, make_actor()), of(merchant.id))
            except AlreadyMember:
                return False
            return True

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(invite, [MemberRole.CLERK] * 6))

    assert done.count(True) == 1
