"""Every url has a permission that somebody can hold, and stands in the document as it is."""

from flask import Flask

from merchant_api.accounts.permissions import PLATFORM
from merchant_api.app import BLUEPRINTS, OUTSIDE_THE_API
from merchant_api.core.endpoint import ENDPOINTS
from merchant_api.core.gate import PUBLIC, SIGNED, SIGNED_IN
from merchant_api.core.openapi import document
from merchant_api.server.lanes import HashingLanes

SIGNED_BY = {
    "incoming_payment_events.receive_event": "the payment provider: it has no account here, its secret signs each body",
    "channel_events.hear_shop": "the web shop: it has no account here, what we agreed with it signs each body",
}
FOR_ANYBODY = {"auth.register", "auth.login", "auth.refresh", "auth.join"}


def test_every_url_of_the_api_declares_a_permission(app: Flask):
    outside = tuple(f"{blueprint.name}." for blueprint in OUTSIDE_THE_API)

    undeclared = [
        str(rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in ENDPOINTS and not rule.endpoint.startswith(outside)
    ]

    assert undeclared == []


def test_every_permission_is_one_that_somebody_can_hold():
    wrong = {
        name: declared.needs
        for name, declared in ENDPOINTS.items()
        if declared.needs not in PLATFORM | {PUBLIC, SIGNED, SIGNED_IN}
    }

    assert wrong == {}


def test_below_a_merchant_nothing_is_public():
    prefixes = {blueprint.name: prefix for blueprint, prefix in BLUEPRINTS}
    below = [
        name
        for name, declared in ENDPOINTS.items()
        if "merchant_id" in prefixes.get(name.split(".")[0], "") + declared.rule
    ]

    assert [name for name in below if ENDPOINTS[name].needs == PUBLIC] == []


def test_what_a_signature_opens_is_listed_and_gets_the_body_raw():
    signed = {name: declared for name, declared in ENDPOINTS.items() if declared.needs == SIGNED}

    assert signed.keys() == SIGNED_BY.keys()
    assert all("signed" in declared.shape and "body" not in declared.shape for declared in signed.values())
    assert [name for name, declared in ENDPOINTS.items() if "signed" in declared.shape and name not in signed] == []


def test_every_url_of_the_api_is_in_the_document(app: Flask):
    described = document({blueprint.name: prefix for blueprint, prefix in BLUEPRINTS})["paths"]
    calls = {(path.count("/"), method.upper()) for path, item in described.items() for method in item}
    outside = tuple(f"{blueprint.name}." for blueprint in OUTSIDE_THE_API)

    served = {
        (str(rule).count("/"), method)
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith(outside)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert served == calls


def test_what_takes_a_password_waits_in_the_lane_of_hashing_and_holds_no_connection_meanwhile(app: Flask):
    """The lanes know paths (server/lanes.py), so there are no ids in them."""
    takes = {
        name: declared
        for name, declared in ENDPOINTS.items()
        if "body" in declared.shape and any("password" in field for field in declared.shape["body"]().fields)
    }
    lanes = HashingLanes(app, 1, 8)

    assert {"auth.register", "auth.log_in"} <= takes.keys()
    assert [name for name, declared in takes.items() if not declared.shape.get("hashes")] == []
    assert [name for name, declared in takes.items() if not declared.shape.get("opens_own")] == []
    assert [name for name, declared in ENDPOINTS.items() if declared.shape.get("hashes") and "<" in declared.rule] == []
    assert ("POST", "/v1/auth/register") in lanes.known
