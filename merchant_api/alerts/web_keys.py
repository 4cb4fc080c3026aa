"""The key pair by which push services know this installation (VAPID, RFC 8292): made at first use, the same for all.

The private key lies sealed in the database; browsers subscribe with the public one, so it must never change by itself.
"""

import base64
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sqlalchemy import Result, select
from sqlalchemy.dialects.postgresql import insert

from merchant_api.alerts.models import InstallationKey
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.sealed_field import SealedField

NAME = "vapid"
PRIVATE = SealedField(InstallationKey, "sealed")


@dataclass(frozen=True, slots=True)
class WebKeys:
    """The private key as PEM (PKCS 8), the public one as browsers take it: base64url without padding."""

    private_pem: str = field(repr=False)
    public: str = ""


def keys() -> WebKeys:
    """The installation's keys, made now if there are none; two processes at once get the same ones."""
    row = _read().scalar_one_or_none()
    if row is None:
        _make()
        row = _read().scalar_one()  # ours, or that of a rival whom the insertion waited for
    return WebKeys(PRIVATE.open(row.sealed, row.name).decode(), row.public)


def public_key() -> str:
    """The public key alone."""
    row = _read().scalar_one_or_none()
    return keys().public if row is None else row.public


def _read() -> Result[InstallationKey]:
    return session().execute(select(InstallationKey).where(InstallationKey.name == NAME))


def _make() -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    row = insert(InstallationKey).values(
        name=NAME,
        sealed=PRIVATE.close(pem, NAME),
        public=base64.urlsafe_b64encode(point).rstrip(b"=").decode(),
        created_at=clock.now(),
    )
    session().execute(row.on_conflict_do_nothing())
