"""The first use of an access token that came of a refresh: noted once, and only while that refresh can be repeated.

Whoever presents the spent refresh token afterwards is not the one who lost the answer (`accounts/renew.py`). It costs
one statement and a commit of its own per refresh, never one per request, and stays when the request is refused.
"""

from sqlalchemy import update

from merchant_api.accounts import tokens
from merchant_api.accounts.sign_in_models import AccessToken
from merchant_api.core import clock
from merchant_api.core.db import in_transaction, session


def note(access: str) -> None:
    """Say when the token was used first; a second time changes nothing."""
    first = update(AccessToken).where(AccessToken.token_hash == tokens.sha256(access), AccessToken.used_at.is_(None))
    in_transaction(lambda: session().execute(first.values(used_at=clock.now())))
