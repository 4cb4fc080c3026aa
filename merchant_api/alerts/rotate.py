"""Sealing anew what lies under an older secret key, so that the older one can be taken away.

Rows keyed by person or by the installation, no merchant's. Stored answers with a secret are not among them: they are
gone after 72 hours, and so long the older key has to stay.
"""

from typing import Any

from sqlalchemy import select, tuple_

from merchant_api.alerts import devices, web_keys
from merchant_api.alerts.models import Device, InstallationKey
from merchant_api.core.db import session
from merchant_api.core.sealed_field import Turned, turned


def turn_devices(after: tuple[Any, ...] | None, limit: int = 200) -> Turned:
    """Seal a page of devices under the newest key, in the order of person and installation."""
    page = select(Device).order_by(Device.person_id, Device.installation).limit(limit).with_for_update()
    if after is not None:
        page = page.where(tuple_(Device.person_id, Device.installation) > after)
    rows = session().execute(page).scalars().all()
    return turned(rows, devices.seal_anew, (rows[-1].person_id, rows[-1].installation) if rows else None)


def turn_web_keys() -> int:
    """Seal the key pair of Web Push under the newest key; gives how many rows that were. Raises Unsealable."""
    row = session().execute(select(InstallationKey).where(InstallationKey.name == web_keys.NAME)).scalar_one_or_none()
    return 0 if row is None else web_keys.PRIVATE.turn(row)
