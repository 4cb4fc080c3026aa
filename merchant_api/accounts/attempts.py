"""How often signing in may fail: ten times per login and fifty per network address in fifteen minutes.

An attempt is counted before its password is looked at, in a transaction of its own, so that guessing in parallel gains
nothing; being right takes it back. Only keyed digests of logins and addresses are kept. A network where the login was
right lately has a count of its own for it, ten times as well: what others guess elsewhere, or at other logins there,
locks nobody out of where she always signs in.
"""

import math
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from merchant_api.accounts import networks
from merchant_api.accounts.errors import TooManyAttempts
from merchant_api.accounts.sign_in_models import LoginAttempt
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.core.installed import seal
from merchant_api.core.network import network_of

WINDOW = timedelta(minutes=15)
PER_LOGIN = 10
PER_ADDRESS = 50

# The login of attempts that count for their address only.
FORGIVEN = b""


def admit(login: str | None, address: str) -> UUID:
    """Count an attempt and give its id; without a login it counts for the address only. Raises TooManyAttempts."""
    of_address = _digests(network_of(address))
    is_known = login is not None and networks.is_known(login, address)
    of_login = [] if login is None else networks.pair(login, address) if is_known else _digests(login)
    _one_after_the_other(of_address[:1] + of_login[:1])
    instant = clock.now()
    if not is_known:
        _refuse_above(PER_ADDRESS, LoginAttempt.address_hash, of_address, instant)
    if login is not None:
        _refuse_above(PER_LOGIN, LoginAttempt.login_hash, of_login, instant)
    login_hash = of_login[0] if of_login else FORGIVEN
    attempt = LoginAttempt(id=new_id(), login_hash=login_hash, address_hash=of_address[0], tried_at=instant)
    session().add(attempt)
    return attempt.id


def forgive(attempt_id: UUID, login: str | None) -> None:
    """Take an attempt back that was right; what it counted with starts anew, its address keeps what failed before.

    So who signs in where the login is known forgives nothing to those who guess it elsewhere.
    """
    taken = delete(LoginAttempt).where(LoginAttempt.id == attempt_id).returning(LoginAttempt.login_hash)
    counted = session().execute(taken).scalar_one_or_none()
    if login is not None and counted is not None:
        of_login = _digests(login)
        alike = of_login if counted in of_login else [counted]
        session().execute(update(LoginAttempt).where(LoginAttempt.login_hash.in_(alike)).values(login_hash=FORGIVEN))


def forgive_all(login: str) -> None:
    """Let a login be tried anew wherever it is not known: its password is another one now."""
    of_login = LoginAttempt.login_hash.in_(_digests(login))
    session().execute(update(LoginAttempt).where(of_login).values(login_hash=FORGIVEN))


def _one_after_the_other(digests: list[bytes]) -> None:
    """Who counts the same login or address at this moment waits until this attempt is among the counted ones."""
    numbers = sorted(int.from_bytes(digest[:8], "big", signed=True) for digest in digests)
    for number in numbers:
        session().execute(select(func.pg_advisory_xact_lock(number)))


def _refuse_above(most: int, column: InstrumentedAttribute[bytes], digests: list[bytes], instant: datetime) -> None:
    recent = (
        select(LoginAttempt.tried_at)
        .where(column.in_(digests), LoginAttempt.tried_at > instant - WINDOW)
        .order_by(LoginAttempt.tried_at.desc())
        .limit(most)
    )
    tried = session().execute(recent).scalars().all()
    if len(tried) == most:
        raise TooManyAttempts(retry_after=math.ceil((tried[-1] + WINDOW - instant).total_seconds()))


def _digests(text: str) -> list[bytes]:
    return seal().digests("login attempts", text)
