"""API keys say who made them, may never more than she, and end with her membership unless they are kept."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from merchant_api.accounts.models import Member, MemberRole, Person
from merchant_api.core import clock
from merchant_api.core.db import session
from tests.make.people import make_member, make_merchant, make_person, saved
from tests.make.tokens import bearer, make_key, make_token

GIVEN = ["merchant.read", "products.edit", "stock.read"]


class Shop:
    """A merchant with two owners, of whom the first has made a key; the second looks after it."""

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.merchant = client, make_merchant()
        self.maker, self.owner = make_member(self.merchant, name="Maya"), make_member(self.merchant)
        self.url, self.headers = f"/v1/merchants/{self.merchant.id}", bearer(make_token(self.owner))
        self.key = self.made_by(self.maker)

    def made_by(self, person: Person) -> str:
        given = {"name": "Shop", "permissions": GIVEN}
        reply = self.client.post(f"{self.url}/api-keys", json=given, headers=bearer(make_token(person)))
        assert reply.status_code == 201
        return str(reply.json["key"])

    def status(self, path: str = "", key: str = "") -> int:
        return self.client.get(self.url + path, headers=bearer(key or self.key)).status_code

    def listed(self) -> Any:
        return self.client.get(f"{self.url}/api-keys", headers=self.headers).json["items"][-1]

    def change(self, person: Person, **fields: Any) -> None:
        reply = self.client.patch(f"{self.url}/members/{person.id}", json=fields, headers=self.headers)
        assert reply.status_code == 200

    def remove(self, person: Person, asked: str = "") -> Any:
        return self.client.delete(f"{self.url}/members/{person.id}{asked}", headers=self.headers)


@pytest.fixture
def shop(client: FlaskClient) -> Shop:
    return Shop(client)


def test_a_key_says_who_made_it(shop: Shop) -> None:
    row = shop.listed()

    assert row["made_by"] == {"id": str(shop.maker.id), "name": "Maya"}
    assert (row["allowed_now"], row["ends_with_maker"]) == (GIVEN, True)


def test_of_a_key_from_before_nobody_knows_who_made_it_and_it_works_as_ever(client: FlaskClient) -> None:
    merchant = make_merchant()
    key = make_key(merchant, GIVEN)
    headers = bearer(make_token(make_member(merchant)))

    row = client.get(f"/v1/merchants/{merchant.id}/api-keys", headers=headers).json["items"][0]

    assert (row["made_by"], row["ends_with_maker"], row["allowed_now"]) == (None, False, GIVEN)
    assert client.get(f"/v1/merchants/{merchant.id}", headers=bearer(key)).status_code == 200


def test_the_key_of_who_left_is_dead_at_the_next_request(shop: Shop) -> None:
    before, others = shop.status(), shop.made_by(shop.owner)

    assert shop.remove(shop.maker).status_code == 204

    assert (before, shop.status(), shop.status(key=others)) == (200, 401, 200)
    assert shop.listed()["revoked_at"] is not None
    assert shop.listed()["allowed_now"] == []


def test_who_comes_back_finds_the_key_revoked(shop: Shop) -> None:
    shop.remove(shop.maker)
    staff = bearer(make_token(make_person(is_staff=True)))

    given = {"person_id": str(shop.maker.id), "role": "owner"}
    assert shop.client.post(f"{shop.url}/members", json=given, headers=staff).status_code == 201

    assert shop.status() == 401


def test_a_kept_key_goes_on_when_its_maker_leaves(shop: Shop) -> None:
    assert shop.remove(shop.maker, "?keep_keys=true").status_code == 204

    row = shop.listed()
    assert (shop.status(), row["revoked_at"], row["ends_with_maker"]) == (200, None, False)
    assert (row["made_by"]["name"], row["allowed_now"]) == ("Maya", GIVEN)


def test_a_kept_key_does_not_win_back_what_its_maker_had_lost(shop: Shop) -> None:
    shop.change(shop.maker, role="clerk")

    shop.remove(shop.maker, "?keep_keys=true")

    assert shop.listed()["permissions"] == ["merchant.read", "stock.read"]


def test_a_key_of_which_nothing_is_left_is_revoked_kept_or_not(shop: Shop) -> None:
    shop.change(shop.maker, withheld=GIVEN)

    shop.remove(shop.maker, "?keep_keys=true")

    assert shop.listed()["revoked_at"] is not None


@pytest.mark.parametrize(
    "asked", ["?keep_keys=perhaps", "?keep_keys=", "?keep=true", "?keep_keys=true&keep_keys=false"]
)
def test_a_wish_that_is_not_understood_removes_nobody(shop: Shop, asked: str) -> None:
    assert shop.remove(shop.maker, asked).status_code == 422
    assert shop.status() == 200


def test_a_removal_that_is_refused_leaves_the_keys(shop: Shop) -> None:
    shop.change(shop.owner, role="clerk", granted=["members.edit", "keys.read"])

    assert shop.remove(shop.maker).status_code == 403
    assert shop.status() == 200


def test_a_removal_elsewhere_leaves_the_keys_here(shop: Shop) -> None:
    other = make_merchant()
    saved(Member(merchant_id=other.id, person_id=shop.maker.id, role=MemberRole.OWNER, created_at=clock.now()))
    staff = bearer(make_token(make_person(is_staff=True)))
    make_member(other)

    assert shop.client.delete(f"/v1/merchants/{other.id}/members/{shop.maker.id}", headers=staff).status_code == 204

    assert shop.status() == 200


def test_a_key_never_may_more_than_its_maker_still_may(shop: Shop) -> None:
    before = shop.status("/availability")

    shop.change(shop.maker, withheld=["stock.read"])
    meanwhile, listed = shop.status("/availability"), shop.listed()
    shop.change(shop.maker, withheld=[])

    assert (before, meanwhile, shop.status("/availability")) == (200, 403, 200)
    assert (listed["permissions"], listed["allowed_now"]) == (GIVEN, ["merchant.read", "products.edit"])


def test_the_keys_of_who_is_disabled_rest(shop: Shop) -> None:
    shop.maker.disabled_at = clock.now()
    session().commit()
    meanwhile, listed = shop.status(), shop.listed()
    shop.maker.disabled_at = None
    session().commit()

    assert (meanwhile, listed["allowed_now"], listed["revoked_at"]) == (401, [], None)
    assert shop.status() == 200


def test_a_key_of_staff_ends_with_nobodys_membership(shop: Shop) -> None:
    staff = make_member(shop.merchant, name="Devi")
    staff.is_staff = True
    session().commit()
    key = shop.made_by(staff)

    shop.remove(staff)

    assert shop.status(key=key) == 200
    row = shop.client.get(f"{shop.url}/api-keys", headers=shop.headers).json["items"][0]
    assert (row["made_by"]["name"], row["ends_with_maker"]) == ("Devi", False)


def test_a_stored_answer_with_a_key_is_not_told_to_who_left(shop: Shop) -> None:
    headers = bearer(make_token(shop.maker)) | {"Idempotency-Key": "one"}
    given = {"name": "Second", "permissions": GIVEN}
    first = shop.client.post(f"{shop.url}/api-keys", json=given, headers=headers)
    shop.remove(shop.maker)

    again = shop.client.post(f"{shop.url}/api-keys", json=given, headers=headers)

    assert (first.status_code, again.status_code) == (201, 403)
    assert shop.status(key=first.json["key"]) == 401
