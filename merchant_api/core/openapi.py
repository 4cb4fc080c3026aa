"""The OpenAPI 3.1 document, generated from the declared endpoints and their real schemas, and the docs page.

apispec and its marshmallow plugin write the schemas; paths, permissions and errors come from `endpoint()`.
"""

import inspect
import re
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin, resolver
from marshmallow import INCLUDE, Schema, fields

from merchant_api.core.csv_out import MEDIA_TYPE
from merchant_api.core.endpoint import ENDPOINTS, Endpoint
from merchant_api.core.gate import PUBLIC, SIGNED, SIGNED_IN
from merchant_api.core.schema import InstantIn, InstantOut, MoneyIn, MoneyOut, Out
from merchant_api.core.sentences.field import is_worded
from merchant_api.core.sentences.templates import languages
from merchant_api.core.table_in import MEDIA_TYPES

_ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")
_CSV = {MEDIA_TYPE: {"schema": {"type": "string"}}}
_TEXT = {"type": "string"}
_PARAMETERS = {"uuid": {"type": "string", "format": "uuid"}, "": _TEXT, "string": _TEXT, "path": _TEXT}


class ProblemOut(Out):
    """An error (RFC 9457); `code` is the word for programs. Some have more members, named for what they hold."""

    class Meta:
        unknown = INCLUDE

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    errors = fields.Dict(metadata={"description": "Complaints per field."})


class MoneyShape(Schema):
    """Money in minor units."""

    amount = fields.Integer(required=True)
    currency = fields.String(required=True, metadata={"pattern": "^[A-Z]{3}$"})


def document(prefixes: dict[str, str]) -> dict[str, Any]:
    """The whole document; `prefixes` gives each blueprint's URL prefix."""
    plugin = MarshmallowPlugin(schema_name_resolver=resolver)
    spec = APISpec("Orderbell", "1.0.0", "3.1.0", plugins=[plugin], info={"description": "Answer orders from a phone."})
    plugin.converter.add_attribute_function(_own_fields)  # type: ignore[union-attr]  # set by APISpec above
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", schema=ProblemOut)
    spec.components.schema("Money", schema=MoneyShape)
    for declared in ENDPOINTS.values():
        if declared.name.split(".")[0] not in prefixes:
            continue  # imported, but not part of this app
        path = prefixes[declared.name.split(".")[0]] + declared.rule
        spec.path(path=_ARGUMENT.sub(r"{\2}", path), operations={declared.method.lower(): _operation(declared, path)})
    return spec.to_dict()


def _own_fields(_self: object, field: fields.Field[Any], **_: object) -> dict[str, Any]:
    if isinstance(field, MoneyIn | MoneyOut):
        kind: dict[str, Any] = {"$ref": "#/components/schemas/Money"}
        return {"anyOf": [kind, {"type": "null"}]} if field.allow_none else kind
    if isinstance(field, InstantIn | InstantOut):
        return {"type": ["string", "null"] if field.allow_none else "string", "format": "date-time"}
    return {}


def _operation(declared: Endpoint, path: str) -> dict[str, Any]:
    shape = declared.shape
    status = shape.get("status", 200)
    operation: dict[str, Any] = {
        "operationId": declared.name.replace(".", "_"),
        "tags": [declared.name.split(".")[0]],
        "summary": (declared.run.__doc__ or "").strip().splitlines()[0],
        "x-permission": declared.needs,
        "parameters": [
            {"in": "path", "name": name, "required": True, "schema": _PARAMETERS[kind or ""]}
            for kind, name in _ARGUMENT.findall(path)
        ],
        "responses": {str(each): _success(shape) for each in (status, *shape.get("also", ()))}
        | {"default": _problem_response()},
    }
    if "limit" in shape:
        operation["responses"]["429"] = _too_often()
    if declared.needs == SIGNED:
        operation["description"] = _rest_of(declared.run.__doc__)
    elif declared.needs != PUBLIC:
        operation["security"] = [{"bearer": []}]
    if declared.needs not in (PUBLIC, SIGNED, SIGNED_IN):
        operation["description"] = f"Needs the permission `{declared.needs}`."
        if shape.get("for_people"):
            operation["description"] += " Not for API keys."
    if "query" in shape:
        operation["parameters"].append({"in": "query", "schema": shape["query"]})
    if declared.method != "GET" and declared.needs != SIGNED and ("merchant_id" in path or "makes_merchants" in shape):
        operation["parameters"].append(_idempotency_key())
    if is_worded(shape.get("reply")):
        operation["parameters"].append(_accept_language())
    if body := shape.get("body") or shape.get("signed"):
        content = {"application/json": {"schema": body}}
        operation["requestBody"] = {"required": not shape.get("may_be_left_out"), "content": content}
    if "takes_csv" in shape:
        files = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES}
        operation["requestBody"] = {"required": True, "content": files}
    return operation


def _rest_of(documentation: str | None) -> str:
    """What a docstring says below its first line: how the call is signed."""
    return inspect.cleandoc(documentation or "").partition("\n")[2].strip()


def _success(shape: Any) -> dict[str, Any]:
    if shape.get("gives_csv"):
        return {"description": "A file.", "content": _CSV}
    if "reply" not in shape:
        return {"description": "Done."}
    return {"description": "Done.", "content": {"application/json": {"schema": shape["reply"]}}}


def _problem_response() -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": "A refusal.", "content": {"application/problem+json": {"schema": schema}}}


def _too_often() -> dict[str, Any]:
    headers = {"Retry-After": {"description": "In how many seconds.", "schema": {"type": "integer", "minimum": 1}}}
    return _problem_response() | {"description": "Called too often.", "headers": headers}


def _idempotency_key() -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
    return {"in": "header", "name": "Idempotency-Key", "required": False, "schema": schema}


def _accept_language() -> dict[str, Any]:
    said = f"The language of sentences: {', '.join(sorted(languages()))}; English where none of them is asked for."
    given = {"in": "header", "name": "Accept-Language", "required": False, "schema": {"type": "string"}}
    return given | {"description": said}
