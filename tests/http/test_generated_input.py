"""Input made from the document itself, for every call: no 5xx, and replies as the document says. In-process."""

import os
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from merchant_api.accounts.models import MemberRole
from merchant_api.core.ids import new_id
from tests.make.carts import make_cart
from tests.make.orders import place_one
from tests.make.people import make_actor, make_member, make_merchant
from tests.make.stock import make_product
from tests.make.tokens import bearer, make_token

EXAMPLES = 100 if os.environ.get("ORDERBELL_TEST_LONG") else 10
CHECKS = (not_a_server_error, content_type_conformance, response_schema_conformance)
ENDS_OUR_SIGN_IN = {"auth_log_out"}


@pytest.fixture
def known(fresh: Flask) -> dict[str, Any]:
    """A merchant with a product, an order and a cart, by the names of path parameters; and the owner's headers."""
    merchant = make_merchant()
    owner = make_member(merchant)
    clerk = make_member(merchant, MemberRole.CLERK, "Deepa")
    product = make_product(merchant, on_hand=100_000)
    order = place_one([(product, 1)])
    cart = make_cart([(product, 1)], make_actor(person=owner))
    ids = {"merchant_id": merchant.id, "product_id": product.id, "order_id": order.id, "person_id": clerk.id}
    ids |= {"cart_id": cart.id}
    headers = bearer(make_token(owner))
    return {"ids": {name: str(value) for name, value in ids.items()}, "headers": headers}


def test_no_generated_input_surprises_the_server(fresh: Flask, known: dict[str, Any]):
    document = schemathesis.openapi.from_wsgi("/v1/openapi.json", app=fresh)
    operations = [result.ok() for result in document.get_all_operations()]
    assert len(operations) > 10

    for operation in operations:
        if operation.definition.raw["operationId"] not in ENDS_OUR_SIGN_IN:
            _probe(operation, known)


def _probe(operation: Any, known: dict[str, Any]) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def probe(case: Any) -> None:
        for name in case.path_parameters:
            case.path_parameters[name] = known["ids"].get(name, str(new_id()))
        response = case.call(headers=known["headers"])
        case.validate_response(response, checks=CHECKS)

    probe()
