"""The document is whole: a valid OpenAPI 3.1 file in which every name leads somewhere and every call is described."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient

from merchant_api.core.endpoint import ENDPOINTS
from merchant_api.core.gate import SIGNED
from merchant_api.core.table_in import MEDIA_TYPES

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def described(app: Flask) -> dict[str, Any]:
    """The document as it is sent."""
    return app.test_client().get("/v1/openapi.json").json


def _operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in described["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def test_it_is_openapi_3_1_and_loads_in_a_strict_reader(described: dict[str, Any]):
    schemathesis.openapi.from_dict(described).validate()

    assert described["openapi"].startswith("3.1")


def test_calls_have_names_of_their_own_and_known_methods(described: dict[str, Any]):
    names = [operation["operationId"] for _, _, operation in _operations(described)]

    assert len(names) == len(set(names)) == len(ENDPOINTS)
    assert {method for _, method, _ in _operations(described)} <= METHODS


def test_every_part_of_a_path_is_declared(described: dict[str, Any]):
    for path, method, operation in _operations(described):
        declared = [each["name"] for each in operation["parameters"] if each["in"] == "path"]

        assert declared == re.findall(r"\{(\w+)\}", path), f"{method} {path}"


def test_every_reference_leads_somewhere(described: dict[str, Any]):
    schemas = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}

    assert set(_references(described)) <= schemas


def test_every_schema_is_a_json_schema(described: dict[str, Any]):
    for name, schema in described["components"]["schemas"].items():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}), name


def test_what_comes_in_is_closed(described: dict[str, Any]):
    bodies = [operation["requestBody"] for _, _, operation in _operations(described) if "requestBody" in operation]
    kinds = [kind for body in bodies for kind in body["content"].items()]
    names = {content["schema"]["$ref"].rpartition("/")[2] for kind, content in kinds if kind == "application/json"}

    assert {kind for kind, _ in kinds} <= {"application/json", *MEDIA_TYPES}
    assert [
        name for name in names if described["components"]["schemas"][name].get("additionalProperties") is not False
    ] == []


def test_every_call_has_a_summary_and_documents_its_refusals(described: dict[str, Any]):
    for path, method, operation in _operations(described):
        assert operation["summary"], f"{method} {path}"
        assert "application/problem+json" in operation["responses"]["default"]["content"]


def test_a_call_below_a_merchant_takes_a_key_and_so_does_what_opens_one(described: dict[str, Any]):
    for path, method, operation in _operations(described):
        names = {each["name"] for each in operation["parameters"]}

        is_ours = operation["x-permission"] != SIGNED  # a provider's events have ids of their own
        is_about_one = "{merchant_id}" in path or path == "/v1/merchants"
        assert ("Idempotency-Key" in names) == (method != "get" and is_about_one and is_ours)


def test_replies_to_known_calls_are_as_described(client: FlaskClient, described: dict[str, Any]):
    problem = {**described["components"]["schemas"]["Problem"], "components": described["components"]}

    reply = client.get("/v1/me")

    assert reply.status_code == 401
    jsonschema_rs.validate(problem, reply.get_json())
