"""Every endpoint times every role: who lacks the permission is told so, and strangers learn nothing of rows."""

import re
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from merchant_api.accounts.models import MemberRole
from merchant_api.accounts.permissions import CUSTOMER, GRANTABLE, of_role
from merchant_api.app import BLUEPRINTS
from merchant_api.core.actor import Role
from merchant_api.core.endpoint import ENDPOINTS, Endpoint
from merchant_api.core.gate import PUBLIC, SIGNED, SIGNED_IN
from merchant_api.core.ids import new_id
from tests.make.people import make_customer, make_member, make_merchant, make_person
from tests.make.tokens import bearer, make_key, make_token

PREFIXES = {blueprint.name: prefix for blueprint, prefix in BLUEPRINTS}
_PART = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Caller:
    """Who asks, and what she may do at the merchant."""

    headers: dict[str, str]
    permissions: frozenset[str]
    is_known: bool = True
    is_person: bool = True


class Town:
    """One merchant and everybody who may come to its door."""

    def __init__(self) -> None:
        merchant, other = make_merchant(), make_merchant()
        self.merchant_id = merchant.id
        people = {
            "owner": (make_member(merchant), of_role(Role.OWNER)),
            "clerk": (make_member(merchant, MemberRole.CLERK), of_role(Role.CLERK)),
            "customer": (make_customer(merchant), CUSTOMER),
            "staff": (make_person("Sita", is_staff=True), of_role(Role.STAFF)),
        }
        self.callers = {name: Caller(bearer(make_token(person)), may) for name, (person, may) in people.items()}
        for name, person in (("stranger", make_person()), ("owner of another", make_member(other))):
            self.callers[name] = Caller(bearer(make_token(person)), CUSTOMER, is_known=False)
        self.callers["key"] = Caller(bearer(make_key(merchant)), GRANTABLE, is_person=False)
        weak = frozenset({"orders.read"})
        self.callers["weak key"] = Caller(bearer(make_key(merchant, weak)), weak, is_person=False)
        self.key_of_another = bearer(make_key(other))


@pytest.fixture
def town(client: FlaskClient) -> Town:
    return Town()


def _path(declared: Endpoint, merchant_id: UUID) -> str:
    rule = PREFIXES[declared.name.split(".")[0]] + declared.rule
    return _PART.sub(lambda part: str(merchant_id if part[1] == "merchant_id" else new_id()), rule)


def _rows(declared: Endpoint) -> set[str]:
    """The ids in its path besides the merchant's."""
    return set(_PART.findall(PREFIXES[declared.name.split(".")[0]] + declared.rule)) - {"merchant_id"}


def _is_below_a_merchant(declared: Endpoint) -> bool:
    return "merchant_id" in PREFIXES[declared.name.split(".")[0]] + declared.rule


def _refusal(declared: Endpoint, caller: Caller) -> int | None:
    """The status by which the caller must be turned away; None when she must not be."""
    if declared.shape.get("for_people") and not caller.is_person:
        return 403
    if declared.needs == SIGNED_IN:
        return None if caller.is_person else 403
    if declared.needs in caller.permissions:
        return None
    return 403 if caller.is_known or not _rows(declared) else 404


DECLARED = [declared for name, declared in sorted(ENDPOINTS.items()) if name.split(".")[0] in PREFIXES]
GUARDED = [declared for declared in DECLARED if declared.needs not in (PUBLIC, SIGNED)]
BELOW = [declared for declared in GUARDED if _is_below_a_merchant(declared)]


def _names(declared: Endpoint) -> str:
    return declared.name


@pytest.mark.parametrize("declared", GUARDED, ids=_names)
def test_nobody_is_asked_to_sign_in_first(client: FlaskClient, town: Town, declared: Endpoint):
    reply = client.open(_path(declared, town.merchant_id), method=declared.method)

    assert (reply.status_code, reply.get_json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("declared", BELOW, ids=_names)
def test_each_role_may_do_what_the_table_says_and_nothing_else(client: FlaskClient, town: Town, declared: Endpoint):
    path = _path(declared, town.merchant_id)

    for name, caller in town.callers.items():
        status = client.open(path, method=declared.method, headers=caller.headers).status_code

        refusal = _refusal(declared, caller)
        if refusal is not None:
            assert status == refusal, f"{name} got {status}"
        else:
            assert status not in (401, 403), f"{name} got {status}"
            assert status < 500


@pytest.mark.parametrize("declared", BELOW, ids=_names)
def test_a_key_of_another_merchant_finds_nothing(client: FlaskClient, town: Town, declared: Endpoint):
    reply = client.open(_path(declared, town.merchant_id), method=declared.method, headers=town.key_of_another)

    assert (reply.status_code, reply.get_json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("declared", BELOW, ids=_names)
def test_an_unknown_merchant_is_not_found(client: FlaskClient, town: Town, declared: Endpoint):
    reply = client.open(_path(declared, new_id()), method=declared.method, headers=town.callers["staff"].headers)

    assert (reply.status_code, reply.get_json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("declared", [each for each in GUARDED if each.needs == SIGNED_IN], ids=_names)
def test_a_key_is_nobody_where_a_person_is_meant(client: FlaskClient, town: Town, declared: Endpoint):
    reply = client.open(_path(declared, town.merchant_id), method=declared.method, headers=town.callers["key"].headers)

    assert reply.status_code == 403
