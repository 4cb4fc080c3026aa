"""Every endpoint times every role: who is let in follows from the declared permission, and from nothing else."""

import re
from uuid import UUID

import pytest

from merchant_api.accounts.models import MemberRole
from merchant_api.accounts.permissions import of_role
from merchant_api.app import BLUEPRINTS
from merchant_api.core.actor import Role
from merchant_api.core.http import ENDPOINTS, PUBLIC, SIGNED_IN
from merchant_api.core.ids import new_id
from tests.make.orders import place_one
from tests.make.people import make_actor, make_customer, make_member, make_merchant, make_person
from tests.make.stock import make_product
from tests.make.tokens import bearer, make_key, make_token

PREFIXES = {blueprint.name: prefix for blueprint, prefix in BLUEPRINTS}
KEY_WITH = frozenset({"stock.read", "orders.pay"})
PEOPLE = {  # who signs in, as what towards the merchant of the URL
    "a stranger": Role.CUSTOMER,
    "the owner of another merchant": Role.CUSTOMER,
    "a customer": Role.CUSTOMER,
    "a clerk": Role.CLERK,
    "an owner": Role.OWNER,
    "staff": Role.STAFF,
}
KEYS = {"a key with everything": of_role(Role.INTEGRATION), "a key with two permissions": KEY_WITH}
ROLES = ["nobody", "a wrong token", *PEOPLE, *KEYS, "a key of another merchant"]
BODIES = {"orders.cancel_order": {"reason": "no"}}  # a stranger's reach the order, and find none
STRANGERS = ("a stranger", "the owner of another merchant")


def rule_of(name):
    return PREFIXES[name.split(".")[0]] + ENDPOINTS[name].rule


def ids_in(rule):
    return set(re.findall(r"<(?:\w+:)?(\w+)>", rule))


def expected(name, who):
    """A status of denial; 0 where the call goes through; 404 also where the row is not theirs to see."""
    needs, ids = ENDPOINTS[name].needs, ids_in(rule_of(name))
    if needs == PUBLIC:
        return 0
    if who in ("nobody", "a wrong token"):
        return 401
    if who == "a key of another merchant" and "merchant_id" in ids:
        return 404
    if needs == SIGNED_IN:
        return 0 if who in PEOPLE else 403
    if needs in held(who, ids):
        return 404 if who in STRANGERS and "order_id" in ids else 0
    return 404 if who in STRANGERS and ids - {"merchant_id"} else 403


def held(who, ids):
    if who in PEOPLE:
        role = PEOPLE[who]
        return of_role(role if "merchant_id" in ids or role is Role.STAFF else Role.CUSTOMER)
    return KEYS.get(who, frozenset()) if "merchant_id" in ids else frozenset()


class World:
    """A merchant with one of everything that an URL can name, and somebody of each role."""

    def __init__(self):
        self.merchant, self.other = make_merchant(), make_merchant()
        self.customer = make_customer(self.merchant)
        product = make_product(self.merchant, on_hand=5)
        order = place_one([(product, 1)], make_actor(Role.CUSTOMER, person=self.customer))
        key = make_key(self.merchant)  # obk_<merchant>_<key>_<secret>
        self.ids = {
            "merchant_id": self.merchant.id,
            "order_id": order.id,
            "product_id": product.id,
            "person_id": make_member(self.merchant, MemberRole.CLERK).id,
            "key_id": UUID(key.split("_")[2]),
        }

    def headers(self, who):
        makes = {
            "a stranger": lambda: make_token(make_person()),
            "the owner of another merchant": lambda: make_token(make_member(self.other)),
            "a customer": lambda: make_token(self.customer),
            "a clerk": lambda: make_token(make_member(self.merchant, MemberRole.CLERK)),
            "an owner": lambda: make_token(make_member(self.merchant)),
            "staff": lambda: make_token(make_person(is_staff=True)),
            "a key with everything": lambda: make_key(self.merchant),
            "a key with two permissions": lambda: make_key(self.merchant, KEY_WITH),
            "a key of another merchant": lambda: make_key(self.other),
            "a wrong token": lambda: "obt_wrong",
        }
        return bearer(makes[who]()) if who in makes else {}


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("name", sorted(ENDPOINTS))
def test_who_is_let_in_follows_from_the_declared_permission(client, name, who):
    world = World()
    url = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(world.ids.get(found[1], new_id())), rule_of(name))

    reply = client.open(url, method=ENDPOINTS[name].method, json=BODIES.get(name), headers=world.headers(who))

    denied = expected(name, who)
    if denied:
        assert reply.status_code == denied, reply.get_data(as_text=True)
        assert reply.content_type == "application/problem+json"
    else:
        refusals = (401, 403, 404) if ids_in(rule_of(name)) <= set(world.ids) else (401, 403)
        assert reply.status_code not in refusals, reply.get_data(as_text=True)
        assert reply.status_code < 500


def test_an_unknown_merchant_is_not_found_whatever_is_asked(client):
    token = bearer(make_token(make_person()))

    replies = {
        name: client.open(
            re.sub(r"<(?:\w+:)?(\w+)>", lambda _: str(new_id()), rule_of(name)),
            method=declared.method,
            headers=token,
        ).status_code
        for name, declared in ENDPOINTS.items()
        if "merchant_id" in ids_in(rule_of(name))
    }

    assert {name for name, status in replies.items() if status != 404} == set()
