"""Tables of signing in: the tokens of people, by their hashes, attempts that failed, and where some did not."""

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.core.columns import Blob, Id, Instant
from merchant_api.core.db import Model


class SignIn(Model):
    """One sign-in of a person: a family of tokens that ends together."""

    __tablename__ = "sign_ins"
    __table_args__ = (PrimaryKeyConstraint("id"), Index(None, "person_id"))

    id: Mapped[Id]
    person_id: Mapped[Id] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


class AccessToken(Model):
    """A short-lived token, by the SHA-256 of it.

    One that came of a refresh has `watched_until`, the instant until which that refresh can be repeated; its first use
    before then is `used_at`.
    """

    __tablename__ = "access_tokens"
    __table_args__ = (PrimaryKeyConstraint("token_hash"), Index(None, "sign_in_id"), Index(None, "expires_at"))

    token_hash: Mapped[Blob]
    sign_in_id: Mapped[Id] = mapped_column(ForeignKey("sign_ins.id"))
    person_id: Mapped[Id]
    expires_at: Mapped[Instant]
    watched_until: Mapped[Instant | None]
    used_at: Mapped[Instant | None]


class RefreshToken(Model):
    """A token that buys the next pair once; `used_at` says when it did."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (PrimaryKeyConstraint("token_hash"), Index(None, "sign_in_id"))

    token_hash: Mapped[Blob]
    sign_in_id: Mapped[Id] = mapped_column(ForeignKey("sign_ins.id"))
    person_id: Mapped[Id]
    created_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


class LoginAttempt(Model):
    """One failed attempt to sign in, counted per login and per network address.

    Where the login is known at the network, `login_hash` is of both together.
    """

    __tablename__ = "login_attempts"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        Index(None, "login_hash", "tried_at"),
        Index(None, "address_hash", "tried_at"),
    )

    id: Mapped[Id]
    login_hash: Mapped[Blob]
    address_hash: Mapped[Blob]
    tried_at: Mapped[Instant]


class KnownNetwork(Model):
    """A network where somebody signed in with a login, by one keyed digest of both, and when that was last."""

    __tablename__ = "known_networks"
    __table_args__ = (PrimaryKeyConstraint("pair_hash"), Index(None, "succeeded_at"))

    pair_hash: Mapped[Blob]
    succeeded_at: Mapped[Instant]
