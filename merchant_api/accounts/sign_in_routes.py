"""Registering, logging in and out, and refreshing.

All but logging out open their own transactions: what a refused call has counted or ended stays.
"""

from collections.abc import Mapping

from flask import Blueprint, request

from merchant_api.accounts import enter, people, sign_in
from merchant_api.accounts.enter import Credentials, NewPerson
from merchant_api.accounts.errors import RefreshRefused
from merchant_api.accounts.lock import lock_person
from merchant_api.accounts.renew import renew
from merchant_api.accounts.sign_in_schemas import (
    LoginIn,
    LogOutIn,
    RefreshIn,
    RegisterIn,
    TokensOut,
    WelcomeOut,
)
from merchant_api.core.actor import Actor
from merchant_api.core.answer import Answered, Reply, rendered
from merchant_api.core.arrival import arrived_at
from merchant_api.core.db import in_transaction
from merchant_api.core.endpoint import endpoint
from merchant_api.core.gate import PUBLIC, SIGNED_IN, token_of
from merchant_api.core.schema import Out

auth = Blueprint("auth", __name__)


@endpoint(
    auth,
    "POST",
    "/register",
    needs=PUBLIC,
    body=RegisterIn,
    reply=WelcomeOut,
    status=201,
    opens_own=True,
    hashes=True,
    limit="register",
)
def register(body: NewPerson, **_: object) -> Answered:
    """Become a customer, signed in at once."""
    return _answered(WelcomeOut, enter.register(body, _address()), 201)


@endpoint(
    auth,
    "POST",
    "/login",
    needs=PUBLIC,
    body=LoginIn,
    reply=TokensOut,
    opens_own=True,
    hashes=True,
    limit="login",
)
def log_in(body: Credentials, **_: object) -> Answered:
    """Sign in with an e-mail address or a phone number."""
    return _answered(TokensOut, enter.log_in(body, _address()))


@endpoint(auth, "POST", "/refresh", needs=PUBLIC, body=RefreshIn, reply=TokensOut, opens_own=True)
def refresh(body: Mapping[str, str], **_: object) -> Answered:
    """Exchange the refresh token for the next pair.

    Who lost the answer asks again within 30 s and gets the same refresh token, unless it was used already.
    """
    came_in_at = arrived_at(request)
    given = in_transaction(lambda: renew(body["refresh_token"], came_in_at))
    if given is None:
        raise RefreshRefused
    return _answered(TokensOut, given)


@endpoint(auth, "POST", "/logout", needs=SIGNED_IN, body=LogOutIn, may_be_left_out=True, status=204)
def log_out(body: Mapping[str, bool], actor: Actor) -> None:
    """End this sign-in with all its tokens, or every sign-in of yours; the devices they registered ring no more."""
    if body["everywhere"]:
        sign_in.end_all(lock_person(people.id_of(actor)).id)
    else:
        sign_in.end(token_of(request))


def _answered(shape: type[Out], value: object, status: int = 200) -> Answered:
    return Answered(rendered(Reply(value), shape, status))


def _address() -> str:
    return request.remote_addr or ""
