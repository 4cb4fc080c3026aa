"""Sealing anew what lies under an older secret key, so that the older one can be taken away.

Rows keyed by person or by the installation, no merchant's. Stored answers with a secret are not among them: they are
gone after 72 hours, and so long the older key has to stay.
"""

from dataclasses import dataclass
from uuid import UUID

from flask import current_app
from sqlalchemy import select, tuple_

from merchant_api.alerts import devices, web_keys
from merchant_api.alerts.models import Device, InstallationKey
from merchant_api.core.db import session
from merchant_api.core.seal import Seal, Unsealable

Key = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class Turned:
    """A page of devices: how many were sealed anew, how many no key opens, and the last one, None at the end."""

    number: int
    lost: int
    last: Key | None


def turn_devices(after: Key | None, limit: int = 200) -> Turned:
    """Seal a page of devices under the newest key, in the order of person and installation."""
    page = select(Device).order_by(Device.person_id, Device.installation).limit(limit).with_for_update()
    if after is not None:
        page = page.where(tuple_(Device.person_id, Device.installation) > after)
    rows = session().execute(page).scalars().all()
    stale = [row for row in rows if not _seal().is_newest(row.sealed_address)]
    turned = sum(_turn(row) for row in stale)
    return Turned(turned, len(stale) - turned, (rows[-1].person_id, rows[-1].installation) if rows else None)


def turn_web_keys() -> int:
    """Seal the key pair of Web Push under the newest key; gives how many rows that were. Raises Unsealable."""
    row = session().execute(select(InstallationKey).where(InstallationKey.name == web_keys.NAME)).scalar_one_or_none()
    if row is None or _seal().is_newest(row.sealed):
        return 0
    row.sealed = _seal().close(_seal().open(row.sealed, web_keys.PLACE), web_keys.PLACE)
    return 1


def _turn(row: Device) -> bool:
    try:
        devices.seal_anew(row)
    except Unsealable:
        return False
    return True


def _seal() -> Seal:
    seal: Seal = current_app.extensions["orderbell.seal"]
    return seal
