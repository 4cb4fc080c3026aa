"""Sign-ins: a family of tokens that begins with a password, is renewed by rotation (`renew.py`) and ends as a whole.

Who ends many of a person's at once holds the person's lock (`accounts/lock.py`), as does who begins one: none begins
with a password that is changed at the same moment.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from merchant_api.accounts import tokens
from merchant_api.accounts.sign_in_models import AccessToken, RefreshToken, SignIn
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.core.log import log

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
    add_refresh(family, refresh)
    _log.info("sign_in.begun", person=str(person_id), sign_in=str(family.id))
    return Tokens(add_access(family), refresh)


def of_access(access: str) -> UUID | None:
    """The sign-in that an access token belongs to."""
    family = select(AccessToken.sign_in_id).where(AccessToken.token_hash == tokens.sha256(access))
    return session().execute(family).scalar_one_or_none()


def living_of(person_id: UUID) -> list[SignIn]:
    """A person's sign-ins that neither ended nor expired, the oldest first."""
    mine = select(SignIn).where(*_living(person_id)).order_by(SignIn.id)
    return list(session().execute(mine.execution_options(populate_existing=True)).scalars())


def end(access: str) -> None:
    """Log out: every token of the family is dead at once."""
    family = select(AccessToken.sign_in_id).where(AccessToken.token_hash == tokens.sha256(access)).scalar_subquery()
    ended = update(SignIn).where(SignIn.id == family, SignIn.ended_at.is_(None)).values(ended_at=clock.now())
    session().execute(ended)


def end_all(person_id: UUID) -> int:
    """End every sign-in of a person whose lock is held, so that no device of hers is rung; gives how many lived."""
    return _end(person_id)


def end_others(person_id: UUID, kept: UUID) -> int:
    """As before, but for one that goes on."""
    return _end(person_id, SignIn.id != kept)


def add_access(family: SignIn, watched_until: datetime | None = None) -> str:
    """A fresh access token of the family; its first use is noted until `watched_until`."""
    text = tokens.new_access()
    row = AccessToken(
        token_hash=tokens.sha256(text),
        sign_in_id=family.id,
        person_id=family.person_id,
        expires_at=min(clock.now() + tokens.ACCESS_LIVES, family.expires_at),
        watched_until=watched_until,
        used_at=None,
    )
    session().add(row)
    return text


def add_refresh(family: SignIn, text: str) -> None:
    """The family's next refresh token, by its text."""
    row = RefreshToken(
        token_hash=tokens.sha256(text),
        sign_in_id=family.id,
        person_id=family.person_id,
        created_at=clock.now(),
        used_at=None,
    )
    session().add(row)


def _living(person_id: UUID) -> list[ColumnElement[bool]]:
    return [SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.expires_at > clock.now()]


def _end(person_id: UUID, *which: ColumnElement[bool]) -> int:
    ended = update(SignIn).where(*_living(person_id), *which).values(ended_at=clock.now()).returning(SignIn.id)
    number = len(session().execute(ended).all())
    _log.info("sign_in.ended", person=str(person_id), number=number)
    return number
