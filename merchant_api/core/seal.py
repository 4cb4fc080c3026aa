"""Encryption at rest: AES-256-GCM under keys derived by HKDF, bound to the place where the ciphertext lies.

A sealed value is one version byte, a four-byte key id, a twelve-byte nonce and the ciphertext. The place (table, row,
merchant) is authenticated with it, so a value copied to another row does not open.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"


class Unsealable(Exception):
    """The value was tampered with, moved, or its key is no longer among ORDERBELL_SECRET_KEYS."""


def derive(secret: str, purpose: str) -> bytes:
    """A 32-byte key for one purpose."""
    return HKDF(hashes.SHA256(), 32, None, b"orderbell:" + purpose.encode()).derive(secret.encode())


class Seal:
    """Seals with the newest key and opens with any of them."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self._secrets = secrets
        self._ciphers = {self._key_id(secret): AESGCM(derive(secret, "seal")) for secret in reversed(secrets)}
        self._newest = self._key_id(secrets[0])

    @staticmethod
    def _key_id(secret: str) -> bytes:
        return hashlib.sha256(derive(secret, "key id")).digest()[:4]

    def close(self, clear: bytes, place: str) -> bytes:
        """Seal `clear` for `place`, e.g. "devices:<person>:<installation>"."""
        nonce = os.urandom(12)
        return _VERSION + self._newest + nonce + self._ciphers[self._newest].encrypt(nonce, clear, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """What was sealed; raises Unsealable."""
        cipher = self._ciphers.get(sealed[1:5])
        if sealed[:1] != _VERSION or cipher is None:
            raise Unsealable
        try:
            return cipher.decrypt(sealed[5:17], sealed[17:], place.encode())
        except InvalidTag as error:
            raise Unsealable from error

    def is_newest(self, sealed: bytes) -> bool:
        """Whether a sealed value lies under the newest key."""
        return sealed[1:5] == self._newest

    def digests(self, purpose: str, text: str) -> list[bytes]:
        """HMAC-SHA-256 of `text` under each key, newest first: deterministic, for look-ups and derived tokens."""
        return [hmac.digest(derive(secret, purpose), text.encode(), "sha256") for secret in self._secrets]
