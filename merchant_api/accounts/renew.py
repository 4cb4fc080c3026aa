"""Refreshing: a refresh token buys its successor once.

The successor is derived from the presented token, never stored, so that a phone which lost the answer asks again within
30 s and gets the same one. That is so only while nobody has used the successor, neither its refresh token nor an access
token that came with it: from then on, and after the 30 s, a spent token is theft and ends the family. Calls that had
come in before the first use come along with the one that was answered first. Source of the rule: RFC 9700, 4.14.2.
"""

from datetime import datetime, timedelta

from sqlalchemy import Row, select

from merchant_api.accounts import tokens
from merchant_api.accounts.models import Person
from merchant_api.accounts.sign_in import Tokens, add_access, add_refresh
from merchant_api.accounts.sign_in_models import AccessToken, RefreshToken, SignIn
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.installed import seal
from merchant_api.core.log import log

REPEATABLE = timedelta(seconds=30)
_log = log(__name__)


def renew(presented: str, arrived_at: datetime) -> Tokens | None:
    """The next pair for a call that came in then; None when there is none.

    The caller commits all the same: a family may have ended here.
    """
    if not tokens.is_refresh(presented):
        return None
    row = _lock(presented)
    if row is None:
        return None
    family, token, disabled_at = row
    if not _is_live(family, token) or disabled_at is not None:
        return None
    if token.used_at is None:
        return _rotate(family, token, presented)
    return _repeat(family, token.used_at, presented, arrived_at)


def _lock(presented: str) -> Row[SignIn, RefreshToken, object] | None:
    # The family is locked with the token, so that refreshing, logging out and reuse are decided one after the other.
    statement = (
        select(SignIn, RefreshToken, Person.disabled_at)
        .join(RefreshToken, RefreshToken.sign_in_id == SignIn.id)
        .join(Person, Person.id == SignIn.person_id)
        .where(RefreshToken.token_hash == tokens.sha256(presented))
        .with_for_update(of=(SignIn, RefreshToken), key_share=True)
        .execution_options(populate_existing=True)
    )
    return session().execute(statement).one_or_none()


def _is_live(family: SignIn, token: RefreshToken) -> bool:
    instant = clock.now()
    return family.ended_at is None and family.expires_at > instant and token.created_at + tokens.REFRESH_IDLES > instant


def _rotate(family: SignIn, token: RefreshToken, presented: str) -> Tokens:
    token.used_at = clock.now()
    successor = _successors(presented)[0]
    add_refresh(family, successor)
    return Tokens(add_access(family, token.used_at + REPEATABLE), successor)


def _repeat(family: SignIn, spent_at: datetime, presented: str, arrived_at: datetime) -> Tokens | None:
    # Whichever secret key was the newest when the successor was made, it is the one that the database knows.
    known = {tokens.sha256(text): text for text in _successors(presented)}
    watched_until = spent_at + REPEATABLE
    if clock.now() > watched_until:
        _end(family)
        return None
    statement = select(RefreshToken.token_hash, RefreshToken.used_at).where(RefreshToken.token_hash.in_(known))
    successor = session().execute(statement).one_or_none()
    if successor is None:
        return None
    if _was_before(successor.used_at, arrived_at) or _was_before(_first_use(family, watched_until), arrived_at):
        _end(family)
        return None
    return Tokens(add_access(family, watched_until), known[successor.token_hash])


def _was_before(used_at: datetime | None, arrived_at: datetime) -> bool:
    return used_at is not None and used_at <= arrived_at


def _first_use(family: SignIn, watched_until: datetime) -> datetime | None:
    """When the first of the access tokens was used that came with the successor, the repeated ones too."""
    uses = (
        select(AccessToken.used_at)
        .where(AccessToken.sign_in_id == family.id, AccessToken.watched_until == watched_until)
        .where(AccessToken.used_at.is_not(None))
        .order_by(AccessToken.used_at)
        .limit(1)
    )
    return session().execute(uses).scalar_one_or_none()


def _end(family: SignIn) -> None:
    family.ended_at = clock.now()
    _log.warning("sign_in.reused", person=str(family.person_id), sign_in=str(family.id))


def _successors(presented: str) -> list[str]:
    return [tokens.refresh_from(tokens.as_text(digest)) for digest in seal().digests("refresh", presented)]
