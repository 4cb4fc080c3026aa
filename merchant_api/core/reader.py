"""Who reads an answer while it is written: sellers see all of it, others what is theirs (docs/decisions/0027).

Who is no seller (a customer, a stranger) sees no person of the merchant or the platform, and of stock no figure behind
what is available. Known from the gate to the end of a request; outside of one nobody reads, and nobody sees least.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from merchant_api.core.actor import NOBODY, Actor, Role
from merchant_api.core.sentences import language
from merchant_api.core.sentences.sentence import say

_reader: ContextVar[Actor] = ContextVar("who_reads", default=NOBODY)
_PLATFORM, _MERCHANT = say("actor.platform"), say("actor.merchant")


@contextmanager
def reading(actor: Actor = NOBODY) -> Iterator[None]:
    """Within it, what is written is for the actor, or for whom `turns_out` names."""
    before = _reader.set(actor)
    try:
        yield
    finally:
        _reader.reset(before)


def turns_out(actor: Actor) -> None:
    """The gate knows now who reads, until the end of `reading`."""
    _reader.set(actor)


def is_seller() -> bool:
    """Whether who reads sells here, and so sees everything."""
    return _reader.get().is_seller


def stamp(of: Mapping[str, str] | None) -> dict[str, Any] | None:
    """Who did something, as who reads may know it: {kind, id, name}.

    Jobs are nobody, and everybody knows himself; of others people learn the kind, and on whose side they were.
    """
    if of is None:
        return None
    actor = _reader.get()
    if actor.is_seller or of["kind"] == Role.JOB or (actor.person_id is not None and of["id"] == actor.id):
        return dict(of)
    side = _PLATFORM if of["kind"] == Role.STAFF else _MERCHANT
    return {"kind": of["kind"], "id": None, "name": side.in_language(language.of_reader())}
