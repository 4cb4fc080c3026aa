"""The gate: who asks, and what they may; every call passes it before anything else is looked at.

A way in looks at a request and says who came by it. Today there is one, the bearer token; a session cookie or the token
of a link is one more function in the list that `create_app` hands over, and nothing behind the gate knows which it was.
"""

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from flask import Flask, Request, current_app, request

from merchant_api.core.actor import NOBODY, Actor, Role
from merchant_api.core.errors import Forbidden, NotFound, Unauthenticated

PUBLIC = "public"
SIGNED_IN = "signed_in"
SIGNED = "signed"  # by a signature over its body, which the function checks before it does anything

# Gives the actor at a merchant (None: at none), or None where nothing of its kind was brought along; what was brought
# and does not hold raises Unauthenticated.
Way = Callable[[Request, UUID | None], Actor | None]


def attach(app: Flask, ways: Sequence[Way]) -> None:
    """Install the ways in, tried in this order; accounts know whose a token is, this floor does not."""
    app.extensions["orderbell.ways_in"] = tuple(ways)


def bearer(authenticate: Callable[[str, UUID | None], Actor]) -> Way:
    """The way in by `Authorization: Bearer <token>`, an access token or an API key."""

    def way(brought: Request, merchant_id: UUID | None) -> Actor | None:
        return authenticate(token_of(brought), merchant_id) if brought.headers.get("Authorization") else None

    return way


def token_of(brought: Request) -> str:
    """The bearer token of a request; raises Unauthenticated where there is none."""
    scheme, _, token = brought.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    return token.strip()


def who(needs: str, merchant_id: UUID | None) -> Actor:
    """Who asks: by the first way that knows, or nobody; raises Unauthenticated.

    Who signs in or refreshes is nobody yet, and a stale token beside it is no reason to refuse.
    """
    if needs in (PUBLIC, SIGNED):
        return NOBODY
    ways: tuple[Way, ...] = current_app.extensions["orderbell.ways_in"]
    return next((actor for way in ways if (actor := way(request, merchant_id)) is not None), NOBODY)


def permit(actor: Actor, needs: str, ids: Collection[str], *, for_people: bool = False) -> None:
    """Let the actor pass who may do what an endpoint needs; `ids` are the names in its path.

    Raises Unauthenticated for nobody, Forbidden, and NotFound for a stranger who names a merchant's row: they learn
    nothing of it, not even that it exists. `for_people` keeps out API keys, whatever they were given.
    """
    if needs in (PUBLIC, SIGNED):
        return
    if actor.role is Role.NOBODY:
        raise Unauthenticated
    if (needs == SIGNED_IN or for_people) and actor.person_id is None:
        raise Forbidden("Only people who signed in may do this.")
    if needs == SIGNED_IN or actor.may(needs):
        return
    if not actor.is_known and set(ids) - {"merchant_id"}:
        raise NotFound
    raise Forbidden(permission=needs)
