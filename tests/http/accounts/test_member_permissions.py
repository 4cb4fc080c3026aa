"""What single members may do: granted beyond their role or withheld from it, within the reach of who decides."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from merchant_api.accounts.models import MemberRole, Merchant
from merchant_api.core.ids import new_id
from tests.make.people import make_member, make_merchant, make_person
from tests.make.stock import make_product
from tests.make.tokens import bearer, make_token


@pytest.fixture
def merchant(client: FlaskClient) -> Merchant:
    return make_merchant()


def change(client: FlaskClient, merchant: Merchant, person: Any, who: Any, **fields: Any) -> Any:
    path = f"/v1/merchants/{merchant.id}/members/{person.id}"
    return client.patch(path, json=fields, headers=bearer(make_token(who)))


def rename(client: FlaskClient, product: Any, who: Any) -> int:
    path = f"/v1/merchants/{product.merchant_id}/products/{product.id}"
    return client.patch(path, json={"name": "Cup"}, headers=bearer(make_token(who))).status_code


def test_a_clerk_is_granted_what_clerks_may_not_do(client: FlaskClient, merchant: Merchant) -> None:
    owner, clerk, product = make_member(merchant), make_member(merchant, MemberRole.CLERK), make_product(merchant)
    before = rename(client, product, clerk)

    reply = change(client, merchant, clerk, owner, granted=["products.edit"])

    assert (reply.status_code, reply.json["role"], reply.json["granted"]) == (200, "clerk", ["products.edit"])
    assert "products.edit" in reply.json["permissions"]
    assert (before, rename(client, product, clerk)) == (403, 200)


def test_what_is_withheld_is_not_held_granted_or_not(client: FlaskClient, merchant: Merchant) -> None:
    owner, clerk = make_member(merchant), make_member(merchant, MemberRole.CLERK)
    headers = bearer(make_token(clerk))
    path = f"/v1/merchants/{merchant.id}/availability"
    before = client.get(path, headers=headers).status_code

    reply = change(client, merchant, clerk, owner, granted=["stock.read"], withheld=["stock.read"])

    assert "stock.read" not in reply.json["permissions"]
    assert (before, client.get(path, headers=headers).status_code) == (200, 403)


def test_a_person_sees_what_she_may_do_and_others_see_it_in_the_list(client: FlaskClient, merchant: Merchant) -> None:
    owner, clerk = make_member(merchant), make_member(merchant, MemberRole.CLERK)
    changed = change(client, merchant, clerk, owner, granted=["merchant.edit"]).json

    mine = client.get("/v1/me", headers=bearer(make_token(clerk))).json["memberships"][0]
    listed = client.get(f"/v1/merchants/{merchant.id}/members", headers=bearer(make_token(owner))).json["items"]

    assert mine["permissions"] == changed["permissions"]
    assert changed in listed


def test_a_role_is_changed_and_the_rest_stays(client: FlaskClient, merchant: Merchant) -> None:
    owner, clerk = make_member(merchant), make_member(merchant, MemberRole.CLERK)
    change(client, merchant, clerk, owner, withheld=["stock.edit"])

    reply = change(client, merchant, clerk, owner, role="owner").json

    assert (reply["role"], reply["withheld"]) == ("owner", ["stock.edit"])


def test_the_last_owner_keeps_the_right_to_change_members(client: FlaskClient, merchant: Merchant) -> None:
    owner, clerk = make_member(merchant), make_member(merchant, MemberRole.CLERK)
    staff = make_person(is_staff=True)

    for fields in ({"role": "clerk"}, {"withheld": ["members.edit"]}, {"role": "clerk", "granted": ["members.edit"]}):
        reply = change(client, merchant, owner, staff, **fields)
        assert (reply.status_code, reply.json["code"]) == (409, "last_owner")
    change(client, merchant, clerk, owner, role="owner")
    assert change(client, merchant, owner, owner, withheld=["members.edit"]).status_code == 200
    path = f"/v1/merchants/{merchant.id}/members/{clerk.id}"
    refused = client.delete(path, headers=bearer(make_token(staff)))
    assert (refused.status_code, refused.json["code"]) == (409, "last_owner")


def test_nobody_gives_or_takes_what_she_may_not_do_herself(client: FlaskClient, merchant: Merchant) -> None:
    owner, clerk = make_member(merchant), make_member(merchant, MemberRole.CLERK)
    other = make_member(merchant, MemberRole.CLERK)
    change(client, merchant, clerk, owner, granted=["members.edit", "members.read"])
    headers = bearer(make_token(clerk))
    members = f"/v1/merchants/{merchant.id}/members"

    refused = [
        change(client, merchant, clerk, clerk, granted=["members.edit", "keys.edit"]),
        change(client, merchant, other, clerk, role="owner"),
        change(client, merchant, owner, clerk, role="clerk"),
        client.post(members, json={"person_id": str(make_person().id), "role": "owner"}, headers=headers),
        client.delete(f"{members}/{owner.id}", headers=headers),
    ]
    allowed = change(client, merchant, other, clerk, withheld=["stock.edit"])

    assert [(reply.status_code, reply.json["code"]) for reply in refused] == [(403, "above_you")] * len(refused)
    assert "keys.edit" in refused[0].json["permissions"]
    assert allowed.status_code == 200


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"granted": ["everything"]}, "granted"),
        ({"withheld": ["merchants.open"]}, "withheld"),
        ({"granted": "stock.edit"}, "granted"),
        ({"granted": None}, "granted"),
        ({"role": "staff"}, "role"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_no_permission_is_refused(
    client: FlaskClient, merchant: Merchant, fields: dict[str, Any], named: str
) -> None:
    owner, clerk = make_member(merchant), make_member(merchant, MemberRole.CLERK)

    reply = change(client, merchant, clerk, owner, **fields)

    assert reply.status_code == 422
    assert named in reply.json["errors"]


def test_who_is_no_member_is_not_found(client: FlaskClient, merchant: Merchant) -> None:
    owner = make_member(merchant)
    stranger = make_person()
    stranger_id = f"/v1/merchants/{merchant.id}/members/{new_id()}"

    assert change(client, merchant, stranger, owner, role="clerk").status_code == 404
    assert client.patch(stranger_id, json={}, headers=bearer(make_token(owner))).status_code == 404
