"""What is answered: a value, the status and bytes it is rendered to, and the response that carries them.

Rendering is apart from sending, for replies are rendered before the commit and may be stored under a key.
"""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from flask import Response

from merchant_api.core.schema import In, Out

S = TypeVar("S", In, Out)
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """A value with another status than the declared one, or with headers."""

    value: Any
    status: int | None = None
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply as status and bytes, as it is sent and stored."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """How a call came out: what functions give that open their own transactions.

    `is_replayed`: by its key, from before.
    """

    answer: Answer
    headers: Headers = ()
    is_replayed: bool = False


def rendered(reply: Reply, schema: type[Out] | None, status: int = 200) -> Answer:
    """A reply in the shape of `schema`, plain JSON without one; `status` unless the reply has its own."""
    status = reply.status or status
    if schema is None:
        return Answer(status, b"" if reply.value is None else to_json(reply.value))
    return Answer(status, to_json(instance(schema).dump(reply.value)))


def response(answered: Answered) -> Response:
    """The response that carries an answer."""
    made = Response(answered.answer.body, answered.answer.status, content_type="application/json")
    made.headers.extend(answered.headers)
    if answered.is_replayed:
        made.headers["Idempotency-Replayed"] = "true"
    return made


@cache
def instance(schema: type[S]) -> S:
    """One instance for all requests: making one copies every field, which costs more than a small reply."""
    return schema()


def to_json(value: Any) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
