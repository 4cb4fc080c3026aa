"""Registering, logging in and out, refreshing, and what a person sees of herself.

The first three open their own transactions: what a refused call has counted or ended stays.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request

from merchant_api.accounts import enter, people, sign_in
from merchant_api.accounts.enter import Credentials, NewPerson
from merchant_api.accounts.errors import RefreshRefused
from merchant_api.accounts.people import Me
from merchant_api.accounts.sign_in_schemas import (
    LoginIn,
    MeOut,
    MePatchIn,
    RefreshIn,
    RegisterIn,
    TokensOut,
    WelcomeOut,
)
from merchant_api.core.actor import Actor
from merchant_api.core.answer import Answered, Reply, rendered
from merchant_api.core.db import in_transaction
from merchant_api.core.endpoint import endpoint
from merchant_api.core.errors import Unauthenticated
from merchant_api.core.gate import PUBLIC, SIGNED_IN
from merchant_api.core.schema import Out

auth = Blueprint("auth", __name__)
me = Blueprint("me", __name__)


@endpoint(
    auth, "POST", "/register", needs=PUBLIC, body=RegisterIn, reply=WelcomeOut, status=201, opens_own=True, hashes=True
)
def register(body: NewPerson, **_: object) -> Answered:
    """Become a customer, signed in at once."""
    return _answered(WelcomeOut, enter.register(body, _address()), 201)


@endpoint(auth, "POST", "/login", needs=PUBLIC, body=LoginIn, reply=TokensOut, opens_own=True, hashes=True)
def log_in(body: Credentials, **_: object) -> Answered:
    """Sign in with an e-mail address or a phone number."""
    return _answered(TokensOut, enter.log_in(body, _address()))


@endpoint(auth, "POST", "/refresh", needs=PUBLIC, body=RefreshIn, reply=TokensOut, opens_own=True)
def refresh(body: Mapping[str, str], **_: object) -> Answered:
    """Exchange the refresh token for the next pair; asking again within 30 s gives the same refresh token."""
    given = in_transaction(lambda: sign_in.refresh(body["refresh_token"]))
    if given is None:
        raise RefreshRefused
    return _answered(TokensOut, given)


@endpoint(auth, "POST", "/logout", needs=SIGNED_IN, status=204)
def log_out(**_: object) -> None:
    """End this sign-in with all its tokens."""
    if request.authorization is None or request.authorization.token is None:
        raise Unauthenticated
    sign_in.end(request.authorization.token)


@endpoint(me, "GET", "", needs=SIGNED_IN, reply=MeOut)
def show_me(actor: Actor) -> Me:
    """Who asks, and the merchants that she works for."""
    return people.me(people.id_of(actor))


@endpoint(me, "PATCH", "", needs=SIGNED_IN, body=MePatchIn, reply=MeOut)
def change_me(body: Mapping[str, Any], actor: Actor) -> Me:
    """Change one's name or language."""
    return people.change(people.id_of(actor), body)


def _answered(shape: type[Out], value: object, status: int = 200) -> Answered:
    return Answered(rendered(Reply(value), shape, status))


def _address() -> str:
    return request.remote_addr or ""
