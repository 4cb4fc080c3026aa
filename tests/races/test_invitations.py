"""Answers to one invitation, its withdrawal and its deadline at the same moment: one of them comes first."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from merchant_api.accounts import team
from merchant_api.accounts.invitation_models import Invitation
from merchant_api.accounts.lock import lock_members
from merchant_api.accounts.models import Member
from merchant_api.core import clock
from merchant_api.core.db import session
from tests.make.invitations import make_invitation
from tests.make.people import make_actor, make_member, make_merchant, make_person
from tests.make.tokens import bearer, make_token
from tests.races.rivals import at_once, unfinished

PASSWORD = "seven singing bowls"


def accepts(app, merchant, person, word="accept"):
    url, headers = f"/v1/me/invitations/{merchant.id}/{word}", bearer(make_token(person))
    return lambda: app.test_client().post(url, headers=headers)


def withdraws(app, merchant, owner, member_id):
    url, headers = f"/v1/merchants/{merchant.id}/members/{member_id}", bearer(make_token(owner))
    return lambda: app.test_client().delete(url, headers=headers)


def is_member(merchant, person):
    session().rollback()
    rows = select(func.count()).where(Member.merchant_id == merchant.id, Member.person_id == person.id)
    return session().execute(rows).scalar_one() == 1


def left(merchant):
    session().rollback()
    return session().execute(select(func.count()).where(Invitation.merchant_id == merchant.id)).scalar_one()


def test_one_invitation_accepted_many_times_at_once_makes_one_member(crowd):
    merchant, clerk = make_merchant(), make_person()
    make_invitation(merchant, clerk.email)

    replies = at_once(crowd, [accepts(crowd, merchant, clerk)] * 8)

    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.data for reply in replies}) == 1
    assert (is_member(merchant, clerk), left(merchant)) == (True, 0)


def test_one_token_used_many_times_at_once_makes_one_account(crowd):
    merchant = make_merchant()
    _, token = make_invitation(merchant, "sita@example.com")
    body = {"token": token, "password": PASSWORD, "name": "Sita"}

    replies = at_once(crowd, [lambda: crowd.test_client().post("/v1/auth/join", json=body)] * 6)

    codes = Counter(reply.json.get("code", "ok") for reply in replies)
    assert (codes["ok"], codes["ok"] + codes["unknown_invitation"] + codes["login_taken"]) == (1, 6)
    assert left(merchant) == 0


@pytest.mark.parametrize("number", range(4))
def test_accepted_or_withdrawn_and_never_both(crowd, number):
    merchant, clerk = make_merchant(), make_person()
    owner = make_member(merchant)
    row, _ = make_invitation(merchant, clerk.email, by=owner)

    accepted, withdrawn = at_once(crowd, [accepts(crowd, merchant, clerk), withdraws(crowd, merchant, owner, row.id)])

    assert {accepted.status_code, withdrawn.status_code} in ({200, 404}, {404, 204})
    assert is_member(merchant, clerk) == (accepted.status_code == 200)
    assert left(merchant) == 0


def test_accepting_after_who_invited_was_removed_is_too_late(crowd):
    merchant, clerk = make_merchant(), make_person()
    owner, other = make_member(merchant), make_member(merchant)
    make_invitation(merchant, clerk.email, by=owner)
    accepting = accepts(crowd, merchant, clerk)
    removing = make_actor(person=other)

    with unfinished(crowd, lambda: team.remove(merchant.id, owner.id, removing)) as queue:
        queue.join(accepting)
        (reply,) = queue.let_go()

    assert (reply.status_code, reply.json["code"]) == (409, "invitation_void")
    assert (is_member(merchant, clerk), is_member(merchant, other)) == (False, True)


def test_who_waited_past_the_deadline_is_too_late(crowd):
    merchant, clerk = make_merchant(), make_person()
    row, _ = make_invitation(merchant, clerk.email)
    accepting = accepts(crowd, merchant, clerk)

    with unfinished(crowd, lambda: lock_members(merchant.id)) as queue:
        queue.join(accepting)
        with clock.clock.pinned(row.expires_at):
            (reply,) = queue.let_go()

    assert (reply.status_code, reply.json["code"]) == (409, "invitation_expired")
    assert not is_member(merchant, clerk)


def test_staff_add_whom_an_owner_invites_and_who_accepts_at_once(crowd):
    merchant, clerk = make_merchant(), make_person()
    owner = make_member(merchant)
    make_invitation(merchant, clerk.email, by=owner)
    url, body = f"/v1/merchants/{merchant.id}/members", {"login": clerk.email, "role": "clerk"}

    def adds(person):
        headers = bearer(make_token(person))
        return lambda: crowd.test_client().post(url, json=body, headers=headers)

    works = [adds(make_person(is_staff=True)), adds(owner), accepts(crowd, merchant, clerk)]
    replies = at_once(crowd, works * 3)

    assert {reply.status_code for reply in replies} <= {200, 201, 409}
    assert (is_member(merchant, clerk), left(merchant)) == (True, 0)


def test_owners_who_invite_one_login_at_once_leave_one_invitation(crowd):
    merchant = make_merchant()
    url, owners = f"/v1/merchants/{merchant.id}/members", [make_member(merchant) for _ in range(4)]
    body = {"login": "sita@example.com", "role": "clerk"}

    def invites(headers):
        return lambda: crowd.test_client().post(url, json=body, headers=headers)

    replies = at_once(crowd, [invites(bearer(make_token(owner))) for owner in owners])

    assert {reply.status_code for reply in replies} == {201}
    assert (len({reply.json["id"] for reply in replies}), left(merchant)) == (1, 1)


def test_accepted_or_refused_and_never_both(crowd):
    merchant, clerk = make_merchant(), make_person()
    make_invitation(merchant, clerk.email)

    accepted, refused = at_once(crowd, [accepts(crowd, merchant, clerk), accepts(crowd, merchant, clerk, "refuse")])

    assert {accepted.status_code, refused.status_code} in ({200, 404}, {404, 204})
    assert (is_member(merchant, clerk), left(merchant)) == (accepted.status_code == 200, 0)
