"""A merchant with an owner and a clerk who call what lies below its sessions."""

import pytest

from merchant_api.accounts.models import MemberRole
from tests.make.people import make_member, make_merchant
from tests.make.tokens import bearer, make_token


@pytest.fixture
def merchant(database):
    return make_merchant()


@pytest.fixture
def clerk(merchant):
    return bearer(make_token(make_member(merchant, MemberRole.CLERK, "Deepa")))


@pytest.fixture
def owner(merchant):
    return bearer(make_token(make_member(merchant)))


@pytest.fixture
def ask(client, merchant, owner):
    """Calls below the merchant's sessions, by the owner unless another one asks."""

    def call(method, rest="", body=None, who=None):
        url = f"/v1/merchants/{merchant.id}/sessions{rest}"
        return client.open(url, method=method, json=body, headers=who or owner)

    return call


@pytest.fixture
def staged(ask):
    return ask("POST").json
