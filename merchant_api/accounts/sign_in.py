"""Sign-ins: a family of tokens that begins with a password, is renewed by rotation and ends as a whole.

A refresh token buys its successor once. The successor is derived from the presented token, never stored, so that a
phone which lost the answer asks again within 30 s and gets the same one; later use of a spent token is theft and ends
the family. Source of the rule: RFC 9700, section 4.14.2.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Row, select, update

from merchant_api.accounts import tokens
from merchant_api.accounts.models import Person
from merchant_api.accounts.sign_in_models import AccessToken, RefreshToken, SignIn
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.core.installed import seal
from merchant_api.core.log import log

REPEATABLE = timedelta(seconds=30)
_log = log(__name__)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a sign-in or a refresh answers; the texts exist only here and at the client."""

    access_token: str
    refresh_token: str
    expires_in: int = int(tokens.ACCESS_LIVES.total_seconds())
    token_type: str = "Bearer"  # noqa: S105 - the name of a scheme


def begin(person_id: UUID) -> Tokens:
    """A new family for a person whose password was right."""
    instant = clock.now()
    family = SignIn(
        id=new_id(),
        person_id=person_id,
        created_at=instant,
        expires_at=instant + tokens.SIGN_IN_LIVES,
        ended_at=None,
    )
    session().add(family)
    session().flush()
    refresh = tokens.new_refresh()
    _add_refresh(family, refresh)
    _log.info("sign_in.begun", person=str(person_id), sign_in=str(family.id))
    return Tokens(_add_access(family), refresh)


def refresh(presented: str) -> Tokens | None:
    """The next pair; None when there is none, and the caller commits all the same: a family may have ended here."""
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
    if clock.now() - token.used_at <= REPEATABLE:
        return _repeat(family, presented)
    family.ended_at = clock.now()
    _log.warning("sign_in.reused", person=str(family.person_id), sign_in=str(family.id))
    return None


def of_access(access: str) -> UUID | None:
    """The sign-in that an access token belongs to."""
    family = select(AccessToken.sign_in_id).where(AccessToken.token_hash == tokens.sha256(access))
    return session().execute(family).scalar_one_or_none()


def end(access: str) -> None:
    """Log out: every token of the family is dead at once."""
    family = select(AccessToken.sign_in_id).where(AccessToken.token_hash == tokens.sha256(access)).scalar_subquery()
    ended = update(SignIn).where(SignIn.id == family, SignIn.ended_at.is_(None)).values(ended_at=clock.now())
    session().execute(ended)


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
    _add_refresh(family, successor)
    return Tokens(_add_access(family), successor)


def _repeat(family: SignIn, presented: str) -> Tokens | None:
    # Whichever secret key was the newest when the successor was made, it is the one that the database knows.
    known = {tokens.sha256(text): text for text in _successors(presented)}
    statement = select(RefreshToken.token_hash).where(RefreshToken.token_hash.in_(known))
    given = session().execute(statement).scalar_one_or_none()
    return None if given is None else Tokens(_add_access(family), known[given])


def _successors(presented: str) -> list[str]:
    return [tokens.refresh_from(tokens.as_text(digest)) for digest in seal().digests("refresh", presented)]


def _add_access(family: SignIn) -> str:
    text = tokens.new_access()
    expires_at = min(clock.now() + tokens.ACCESS_LIVES, family.expires_at)
    row = AccessToken(
        token_hash=tokens.sha256(text), sign_in_id=family.id, person_id=family.person_id, expires_at=expires_at
    )
    session().add(row)
    return text


def _add_refresh(family: SignIn, text: str) -> None:
    row = RefreshToken(
        token_hash=tokens.sha256(text),
        sign_in_id=family.id,
        person_id=family.person_id,
        created_at=clock.now(),
        used_at=None,
    )
    session().add(row)
