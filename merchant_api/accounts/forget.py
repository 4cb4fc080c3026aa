"""What need not be kept of signing in: expired tokens, ended sign-ins, old attempts, networks. People's own rows.

And a merchant's invitations that nobody accepted: they name people who never answered.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select

from merchant_api.accounts import networks
from merchant_api.accounts.invitation_models import Invitation
from merchant_api.accounts.sign_in_models import AccessToken, KnownNetwork, LoginAttempt, RefreshToken, SignIn
from merchant_api.core import clock
from merchant_api.core.db import session

AT_ONCE = 500


def tidy(before: datetime, limit: int = AT_ONCE) -> int:
    """Delete up to `limit` of each kind that ended before the instant; gives the number of rows. Call until it is 0."""
    gone = _drop_tokens(before, limit) + _drop_attempts(before, limit) + _drop_sign_ins(before, limit)
    return gone + _drop_networks(limit)


def tidy_invitations(merchant_id: UUID, before: datetime, limit: int = AT_ONCE) -> int:
    """Delete up to `limit` invitations that expired before the instant; gives the number. Call until it is 0."""
    expired = (Invitation.merchant_id == merchant_id, Invitation.expires_at < before)
    old = select(Invitation.id).where(*expired).limit(limit).with_for_update(skip_locked=True)
    gone = delete(Invitation).where(Invitation.merchant_id == merchant_id, Invitation.id.in_(old))
    return len(session().execute(gone.returning(Invitation.id)).all())


def _drop_tokens(before: datetime, limit: int) -> int:
    old = select(AccessToken.token_hash).where(AccessToken.expires_at < before).limit(limit)
    gone = delete(AccessToken).where(AccessToken.token_hash.in_(old)).returning(AccessToken.token_hash)
    return len(session().execute(gone).all())


def _drop_attempts(before: datetime, limit: int) -> int:
    old = select(LoginAttempt.id).where(LoginAttempt.tried_at < before).limit(limit)
    gone = delete(LoginAttempt).where(LoginAttempt.id.in_(old)).returning(LoginAttempt.id)
    return len(session().execute(gone).all())


def _drop_networks(limit: int) -> int:
    is_over = KnownNetwork.succeeded_at < clock.now() - networks.KNOWN_FOR
    old = select(KnownNetwork.pair_hash).where(is_over).limit(limit).with_for_update(skip_locked=True)
    gone = delete(KnownNetwork).where(KnownNetwork.pair_hash.in_(old)).returning(KnownNetwork.pair_hash)
    return len(session().execute(gone).all())


def _drop_sign_ins(before: datetime, limit: int) -> int:
    is_over = or_(SignIn.ended_at < before, SignIn.expires_at < before)
    # Locked first and skipped where a refresh holds it: no token can join the family while it is taken apart.
    old = select(SignIn.id).where(is_over).limit(limit).with_for_update(skip_locked=True)
    ids = session().execute(old).scalars().all()
    if ids:
        session().execute(delete(AccessToken).where(AccessToken.sign_in_id.in_(ids)))
        session().execute(delete(RefreshToken).where(RefreshToken.sign_in_id.in_(ids)))
        session().execute(delete(SignIn).where(SignIn.id.in_(ids)))
    return len(ids)
