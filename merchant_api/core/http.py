"""One request: permission, body, idempotency, transaction, reply; in this order, for every endpoint.

`endpoint()` declares all of it beside the function, and keeps the declarations for the OpenAPI document and for the
test that no endpoint is without a permission. Replies are rendered before the commit.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypedDict, TypeVar, Unpack
from uuid import UUID

from flask import Blueprint, Response, current_app, g, request

from merchant_api.core import body as bodies
from merchant_api.core import csv_out, metrics, replay
from merchant_api.core.actor import NOBODY, Actor, Role
from merchant_api.core.db import in_transaction, session
from merchant_api.core.errors import Forbidden, NotFound, Unauthenticated
from merchant_api.core.schema import In, Out
from merchant_api.core.sentences import language
from merchant_api.core.sentences.field import is_worded

F = TypeVar("F", bound=Callable[..., Any])
S = TypeVar("S", In, Out)
PUBLIC = "public"
SIGNED_IN = "signed_in"
SIGNED = "signed"  # by a signature over its body, which the function checks before it does anything


@dataclass(frozen=True, slots=True)
class CsvBody:
    """At most `most` bytes of CSV, and what makes the `body` of them."""

    most: int
    read: Callable[[bytes], Any]


class Shape(TypedDict, total=False):
    """What an endpoint takes and gives. `also` names further statuses of success; `opens_own` hands the claim
    to the function, which opens its transactions; `for_people` keeps out API keys, whatever they were given.
    `takes_csv` says how CSV becomes its `body`; with `gives_csv` it gives a Download.
    `signed` is the shape of a body that the function gets raw.
    """

    body: type[In]
    signed: type[In]
    query: type[In]
    reply: type[Out]
    status: int
    also: tuple[int, ...]
    has_secret: bool
    opens_own: bool
    takes_csv: CsvBody
    gives_csv: bool
    for_people: bool


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One declared endpoint."""

    name: str
    method: str
    rule: str
    needs: str
    shape: Shape
    run: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """A value with another status than the declared one, or with headers."""

    value: Any
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Incoming:
    """A signed request as it came: the signature is over these bytes. Names of headers are in small letters."""

    body: bytes
    headers: Mapping[str, str]
    mimetype: str


ENDPOINTS: dict[str, Endpoint] = {}


def endpoint(blueprint: Blueprint, method: str, rule: str, *, needs: str, **shape: Unpack[Shape]) -> Callable[[F], F]:
    """Declare a function as an endpoint of a blueprint; it gets path ids, `actor`, and `body`, `query`, `claim`."""

    def declare(run: F) -> F:
        declared = Endpoint(f"{blueprint.name}.{run.__name__}", method, rule, needs, shape, run)
        ENDPOINTS[declared.name] = declared
        blueprint.add_url_rule(rule, run.__name__, _view(declared), methods=[method])
        return run

    return declare


def _view(declared: Endpoint) -> Callable[..., Response]:
    def view(**ids: Any) -> Response:
        started = time.perf_counter()
        try:
            with language.reading(language.choose(request.accept_languages)):
                return _answer(declared, ids)
        finally:  # refusals take time as well, and a database that is away most of all
            metrics.request_seconds.labels(declared.name).observe(time.perf_counter() - started)

    return view


def _answer(declared: Endpoint, ids: dict[str, Any]) -> Response:
    merchant_id: UUID | None = ids.get("merchant_id")
    # Who signs in or refreshes is nobody yet, and a stale token beside it is no reason to refuse.
    actor = NOBODY if declared.needs in (PUBLIC, SIGNED) else _actor(merchant_id)
    g.actor_kind = actor.role.value  # for the access log
    _permit(declared, actor, ids)
    taken, raw = _taken(declared.shape)
    taken |= ids | {"actor": actor}
    if declared.shape.get("gives_csv"):
        return in_transaction(lambda: csv_out.response(declared.run(**taken)))
    claim = None
    if declared.method != "GET" and declared.needs != SIGNED:
        claim = replay.claim_of(request, merchant_id, actor, raw)
    if declared.shape.get("opens_own"):
        session().rollback()
        answer, headers, is_replayed = declared.run(claim=claim, **taken)
    else:
        answer, headers, is_replayed = in_transaction(lambda: _once(declared, taken, claim))
    response = Response(answer.body, answer.status, content_type="application/json")
    response.headers.extend(headers)
    if is_replayed:
        response.headers["Idempotency-Replayed"] = "true"
    if is_worded(declared.shape.get("reply")):
        response.vary.add("Accept-Language")
        if not is_replayed:  # what was stored speaks the language of who asked first
            response.content_language.add(language.of_reader())
    return response


def _once(
    declared: Endpoint, taken: dict[str, Any], claim: replay.Claim | None
) -> tuple[replay.Answer, tuple[tuple[str, str], ...], bool]:
    if claim is not None:
        if declared.shape.get("has_secret"):
            claim = replay.as_secret(claim)
        stored = replay.take(claim)
        if stored is not None:
            return stored, (), True
    result = declared.run(**taken)
    reply = result if isinstance(result, Reply) else Reply(result)
    answer = rendered(declared.shape, reply)
    if claim is not None:
        replay.keep(claim, answer)
    return answer, reply.headers, False


def rendered(shape: Shape, reply: Reply) -> replay.Answer:
    """A reply as status and bytes."""
    status = reply.status or shape.get("status", 200)
    schema = shape.get("reply")
    if schema is None:
        return replay.Answer(status, b"" if reply.value is None else to_json(reply.value))
    return replay.Answer(status, to_json(_instance(schema).dump(reply.value)))


@cache
def _instance(schema: type[S]) -> S:
    """One instance for all requests: making one copies every field, which costs more than a small reply."""
    return schema()


def to_json(value: Any) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _taken(shape: Shape) -> tuple[dict[str, Any], Any]:
    taken: dict[str, Any] = {}
    raw: Any = None
    if "query" in shape:
        arguments = request.args.to_dict()
        bodies.check_text(arguments)
        taken["query"] = _instance(shape["query"]).load(arguments)
    if "body" in shape:
        raw = bodies.read(request)
        taken["body"] = _instance(shape["body"]).load(raw)
    elif "takes_csv" in shape:
        session().rollback()  # a long file comes in and is read without a transaction
        raw = bodies.read_csv(request, shape["takes_csv"].most)
        taken["body"] = shape["takes_csv"].read(raw)
    elif "signed" in shape:
        headers = {name.lower(): value for name, value in request.headers.items()}
        taken["incoming"] = Incoming(bodies.raw_body(request), headers, request.mimetype)
    elif request.method != "GET":
        bodies.read_nothing(request)
    return taken, raw


def _actor(merchant_id: UUID | None) -> Actor:
    header = request.headers.get("Authorization", "")
    if not header:
        return NOBODY
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    actor: Actor = current_app.extensions["orderbell.authenticate"](token.strip(), merchant_id)
    return actor


def _permit(declared: Endpoint, actor: Actor, ids: dict[str, Any]) -> None:
    if declared.needs in (PUBLIC, SIGNED):
        return
    if actor.role is Role.NOBODY:
        raise Unauthenticated
    if (declared.needs == SIGNED_IN or declared.shape.get("for_people")) and actor.person_id is None:
        raise Forbidden("Only people who signed in may do this.")
    if declared.needs == SIGNED_IN:
        return
    if actor.may(declared.needs):
        return
    if not actor.is_known and set(ids) - {"merchant_id"}:
        raise NotFound  # a stranger learns nothing of a merchant's rows, not even that they exist
    raise Forbidden(permission=declared.needs)
