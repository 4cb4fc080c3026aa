"""One request: the gate, body, idempotency, transaction, reply; in this order, for every endpoint.

`endpoint()` declares all of it beside the function, and keeps the declarations for the OpenAPI document and for the
test that no endpoint is without a permission. Replies are rendered before the commit.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict, TypeVar, Unpack
from uuid import UUID

from flask import Blueprint, Response, g, request
from werkzeug.datastructures import MultiDict

from merchant_api.core import answer, csv_out, gate, limiter, metrics, reader, replay, tenancy
from merchant_api.core import body as bodies
from merchant_api.core.actor import Actor
from merchant_api.core.answer import Answered, Reply
from merchant_api.core.db import end_read, in_transaction
from merchant_api.core.errors import Invalid
from merchant_api.core.schema import In, Out
from merchant_api.core.scope import Given
from merchant_api.core.sentences import language
from merchant_api.core.sentences.field import is_worded

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class CsvBody:
    """At most `most` bytes of CSV or of a workbook, and what makes the `body` of them and of the query."""

    most: int
    read: Callable[[bytes, Any], Any]


class Shape(TypedDict, total=False):
    """What an endpoint takes and gives. `also` names further statuses of success; `opens_own` hands the claim
    to the function, which opens its transactions and gives an Answered; `for_people` keeps out API keys, whatever they
    were given. A body that `may_be_left_out` is {} then. `takes_csv` says how CSV becomes its `body`; with `gives_csv`
    it gives a Download.
    What `hashes` passwords waits in a lane before it takes a thread (server/lanes.py); its path has no ids.
    `signed` is the shape of a body that the function gets raw. Idempotency keys of what `makes_merchants` are the
    person's, for there is no merchant yet. `limit` names the one that calls count against (core/limiter.py).
    """

    body: type[In]
    may_be_left_out: bool
    signed: type[In]
    query: type[In]
    reply: type[Out]
    status: int
    also: tuple[int, ...]
    has_secret: bool
    opens_own: bool
    hashes: bool
    takes_csv: CsvBody
    gives_csv: bool
    for_people: bool
    makes_merchants: bool
    limit: str


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
            words = language.choose(request.accept_languages)
            with language.reading(words), reader.reading(), tenancy.stated(tenancy.NOBODY):
                return _respond(declared, ids)
        finally:  # refusals take time as well, and a database that is away most of all
            metrics.request_seconds.labels(declared.name).observe(time.perf_counter() - started)

    return view


def _respond(declared: Endpoint, ids: dict[str, Any]) -> Response:
    merchant_id: UUID | None = ids.get("merchant_id")
    actor = gate.who(declared.needs, merchant_id)
    g.actor_kind = actor.role.value  # for the access log
    gate.permit(actor, declared.needs, ids, for_people=declared.shape.get("for_people", False))
    reader.turns_out(actor)
    with tenancy.stated(tenancy.of(merchant_id) if merchant_id else tenancy.NOBODY):
        return _permitted(declared, ids, actor)


def _permitted(declared: Endpoint, ids: dict[str, Any], actor: Actor) -> Response:
    merchant_id: UUID | None = ids.get("merchant_id")
    if "limit" in declared.shape:
        limiter.check(declared.shape["limit"], actor)
    taken, given = _taken(declared.shape)
    taken |= ids | {"actor": actor}
    if declared.shape.get("gives_csv"):
        return in_transaction(lambda: csv_out.response(declared.run(**taken)))
    claim = None
    if declared.method != "GET" and declared.needs != gate.SIGNED:
        whose = actor.person_id if declared.shape.get("makes_merchants") else merchant_id
        claim = replay.claim_of(request, whose, actor, given)
    if declared.shape.get("opens_own"):
        end_read()
        answered: Answered = declared.run(claim=claim, **taken)
    else:
        answered = in_transaction(lambda: _once(declared, taken, claim))
    response = answer.response(answered)
    if is_worded(declared.shape.get("reply")):
        response.vary.add("Accept-Language")
        if not answered.is_replayed:  # what was stored speaks the language of who asked first
            response.content_language.add(language.of_reader())
    return response


def _once(declared: Endpoint, taken: dict[str, Any], claim: replay.Claim | None) -> Answered:
    if claim is not None:
        if declared.shape.get("has_secret"):
            claim = replay.as_secret(claim)
        stored = replay.take(claim)
        if stored is not None:
            return Answered(stored, is_replayed=True)
    result = declared.run(**taken)
    reply = result if isinstance(result, Reply) else Reply(result)
    made = answer.rendered(reply, declared.shape.get("reply"), declared.shape.get("status", 200))
    if claim is not None:
        replay.keep(claim, made)
    return Answered(made, reply.headers)


def _once_each(arguments: MultiDict[str, str]) -> dict[str, str]:
    """The arguments of a query; raises Invalid for one that is given twice, of which one would win unseen."""
    twice = {name: ["Given more than once."] for name, values in arguments.lists() if len(values) > 1}
    if twice:
        raise Invalid(errors=twice)
    return arguments.to_dict()


def _taken(shape: Shape) -> tuple[dict[str, Any], Given]:
    taken: dict[str, Any] = {}
    raw: Any = None
    arguments: dict[str, str] = {}
    if "query" in shape:
        arguments = _once_each(request.args)
        bodies.check_text(arguments)
        taken["query"] = answer.instance(shape["query"]).load(arguments)
    if "body" in shape:
        raw = bodies.read_or_none(request) if shape.get("may_be_left_out") else bodies.read(request)
        taken["body"] = answer.instance(shape["body"]).load(raw or {})
    elif "takes_csv" in shape:
        end_read()  # a long file comes in and is read without a transaction
        raw = bodies.read_csv(request, shape["takes_csv"].most)
        taken["body"] = shape["takes_csv"].read(raw, taken.get("query"))
        if request.args:  # the same file read in another way is another request
            raw += f"\0{sorted(request.args.items())}".encode()
    elif "signed" in shape:
        headers = {name.lower(): value for name, value in request.headers.items()}
        taken["incoming"] = Incoming(bodies.raw_body(request), headers, request.mimetype)
    elif request.method != "GET":
        bodies.read_nothing(request)
    return taken, Given(raw, arguments)
