"""What a person sees and changes of herself.

A change opens its own transactions: a wrong password stays counted although the call is refused.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request

from merchant_api.accounts import people
from merchant_api.accounts.change_me import change
from merchant_api.accounts.people import Me
from merchant_api.accounts.sign_in_schemas import MeChangedOut, MeOut, MePatchIn
from merchant_api.core.actor import Actor
from merchant_api.core.answer import Answered, Reply, rendered
from merchant_api.core.endpoint import endpoint
from merchant_api.core.gate import SIGNED_IN, token_of

me = Blueprint("me", __name__)


@endpoint(me, "GET", "", needs=SIGNED_IN, reply=MeOut)
def show_me(actor: Actor) -> Me:
    """Who asks, and the merchants that she works for."""
    return people.me(people.id_of(actor))


@endpoint(me, "PATCH", "", needs=SIGNED_IN, body=MePatchIn, reply=MeChangedOut, opens_own=True, hashes=True)
def change_me(body: Mapping[str, Any], actor: Actor, **_: object) -> Answered:
    """Change one's name, language or password; a new password ends all other sign-ins, and this one goes on."""
    changed = change(people.id_of(actor), body, token_of(request), request.remote_addr or "")
    return Answered(rendered(Reply(changed), MeChangedOut, 200))
