"""Access tokens and API keys, without the price of a password."""

from collections.abc import Iterable
from datetime import timedelta

from merchant_api.accounts import tokens
from merchant_api.accounts.key_models import ApiKey
from merchant_api.accounts.models import Merchant, Person
from merchant_api.accounts.permissions import GRANTABLE
from merchant_api.accounts.sign_in_models import AccessToken, SignIn
from merchant_api.core import clock
from merchant_api.core.ids import new_id
from tests.make.people import saved

LONG = timedelta(days=3650)


def make_token(person: Person, lives: timedelta = LONG) -> str:
    """An access token of a fresh sign-in; by default it outlives every clock that a test pins."""
    instant, text = clock.now(), tokens.new_access()
    sign_in = SignIn(id=new_id(), person_id=person.id, created_at=instant, expires_at=instant + LONG, ended_at=None)
    saved(sign_in)
    row = AccessToken(
        token_hash=tokens.sha256(text), sign_in_id=sign_in.id, person_id=person.id, expires_at=instant + lives
    )
    saved(row)
    return text


def make_key(
    merchant: Merchant, permissions: Iterable[str] = GRANTABLE, name: str = "Web shop", *, of: Person | None = None
) -> str:
    """The text of a fresh API key of the merchant, bound to the member `of`, or to nobody and by nobody knows whom."""
    key = tokens.KeyText(merchant.id, new_id(), tokens.new_secret())
    row = ApiKey(
        merchant_id=merchant.id,
        id=key.key_id,
        name=name,
        secret_hash=tokens.sha256(key.secret),
        permissions=sorted(permissions),
        made_by=None if of is None else of.id,
        is_bound=of is not None,
        created_at=clock.now(),
        revoked_at=None,
    )
    saved(row)
    return str(key)


def bearer(token: str) -> dict[str, str]:
    """The headers of a request by the token's owner."""
    return {"Authorization": f"Bearer {token}"}
