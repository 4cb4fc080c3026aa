"""A key belongs to a resource, and what a call says is the same in any spelling."""

from uuid import UUID

import pytest

from merchant_api.core.scope import Given, scope_of

SHOP = UUID("01a20300-7ce5-7102-bca7-4cc59c9b7987")


def test_the_scope_is_the_path_with_its_ids_as_they_were_parsed():
    ids = {"merchant_id": UUID(str(SHOP).upper()), "which": "live"}

    scope = scope_of("POST", "/v1/merchants/<uuid:merchant_id>/sessions/<which>/close", ids)

    assert scope == f"POST /v1/merchants/{SHOP}/sessions/live/close"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Given({"a": 1, "b": 2}), Given({"b": 2, "a": 1})),
        (Given(b"x", {"a": "1", "b": "2"}), Given(b"x", {"b": "2", "a": "1"})),
    ],
)
def test_the_order_of_fields_and_arguments_says_nothing(one, other):
    assert one.fingerprint() == other.fingerprint()


@pytest.mark.parametrize("other", [Given(b"y"), Given(b"x", {"a": "1"}), Given(b"x", {"a": "2"}), Given(None)])
def test_another_body_or_argument_is_another_call(other):
    assert other.fingerprint() != Given(b"x").fingerprint()
