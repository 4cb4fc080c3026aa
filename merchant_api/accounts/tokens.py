"""Texts of tokens, API keys and invitations: random, told apart by their first letters; only their SHA-256 is kept."""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

ACCESS_LIVES = timedelta(minutes=15)
REFRESH_IDLES = timedelta(days=30)
SIGN_IN_LIVES = timedelta(days=90)

_ACCESS = "oba_"
_REFRESH = "obr_"
_SECRET = r"[A-Za-z0-9_-]{43}"  # noqa: S105 - a pattern
_IS_ACCESS = re.compile(rf"{_ACCESS}{_SECRET}")
_IS_REFRESH = re.compile(rf"{_REFRESH}{_SECRET}")
_KEY, _INVITATION = "obk_", "obi_"
_PARTS = re.compile(rf"(ob[ki]_)([0-9a-f]{{32}})_([0-9a-f]{{32}})_({_SECRET})")  # of what belongs to a merchant


@dataclass(frozen=True, slots=True)
class KeyText:
    """What the text of an API key says."""

    merchant_id: UUID
    key_id: UUID
    secret: str

    def __str__(self) -> str:
        return f"{_KEY}{self.merchant_id.hex}_{self.key_id.hex}_{self.secret}"


@dataclass(frozen=True, slots=True)
class InvitationText:
    """What the token of an invitation says."""

    merchant_id: UUID
    invitation_id: UUID
    secret: str

    def __str__(self) -> str:
        return f"{_INVITATION}{self.merchant_id.hex}_{self.invitation_id.hex}_{self.secret}"


def sha256(text: str) -> bytes:
    """What is kept of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(text.encode()).digest()


def new_secret() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


def as_text(digest: bytes) -> str:
    """32 derived bytes in the letters of a secret."""
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def new_access() -> str:
    """A fresh access token."""
    return _ACCESS + new_secret()


def new_refresh() -> str:
    """A fresh refresh token, the first of its family."""
    return _REFRESH + new_secret()


def refresh_from(secret: str) -> str:
    """A refresh token with a secret that was derived from its predecessor."""
    return _REFRESH + secret


def is_access(text: str) -> bool:
    """Whether the text has the shape of an access token."""
    return _IS_ACCESS.fullmatch(text) is not None


def is_refresh(text: str) -> bool:
    """Whether the text has the shape of a refresh token."""
    return _IS_REFRESH.fullmatch(text) is not None


def key_of(text: str) -> KeyText | None:
    """The parts of an API key, or None for any other text."""
    parts = _parts(_KEY, text)
    return None if parts is None else KeyText(*parts)


def invitation_of(text: str) -> InvitationText | None:
    """The parts of an invitation's token, or None for any other text."""
    parts = _parts(_INVITATION, text)
    return None if parts is None else InvitationText(*parts)


def _parts(kind: str, text: str) -> tuple[UUID, UUID, str] | None:
    found = _PARTS.fullmatch(text)
    if found is None or found[1] != kind:
        return None
    return UUID(hex=found[2]), UUID(hex=found[3]), found[4]
