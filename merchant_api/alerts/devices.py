"""A person's devices: registered, found, opened for sending, and dropped when their address is dead.

An address belongs to who registered it last, so a shared phone never rings for who left it. Addresses are sealed and
found by their digest; `version` counts registrations, so a dead address is dropped only if it is the one that died.
Rows keyed by person, no merchant's.
"""

import json
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, not_, or_, select
from sqlalchemy.dialects.postgresql import insert

from merchant_api.accounts.sign_in_models import SignIn
from merchant_api.alerts.models import Device, DeviceKind
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.installed import seal
from merchant_api.core.sealed_field import SealedField

MOST = 20
PURPOSE = "devices"
ADDRESS = SealedField(Device, "sealed_address")


@dataclass(frozen=True, slots=True)
class Target:
    """How a device is reached; its parts appear in no repr."""

    kind: DeviceKind
    address: str = field(repr=False)
    p256dh: str = field(default="", repr=False)
    auth: str = field(default="", repr=False)


def register(person_id: UUID, installation: str, target: Target, sign_in_id: UUID | None = None) -> Device:
    """Register or refresh a device, taking its address from whoever had it; of more than 20 the stalest goes.

    It is bound to the sign-in that registers it: who logs out is not rung there any more.
    """
    digests = seal().digests(PURPOSE, target.address)
    # Two people who register one address at once: the second waits here, and then takes it over.
    session().execute(select(func.pg_advisory_xact_lock(int.from_bytes(digests[0][:8], "big", signed=True))))
    is_this = and_(Device.person_id == person_id, Device.installation == installation)
    session().execute(delete(Device).where(Device.address_hash.in_(digests), not_(is_this)))
    device = _upsert(person_id, installation, target, digests[0], sign_in_id)
    _drop_stalest(person_id)
    return device


def is_rung() -> ColumnElement[bool]:
    """Whether the sign-in that registered a device lives, or none did: the others are rung no more."""
    lives = select(SignIn.id).where(SignIn.id == Device.sign_in_id, SignIn.ended_at.is_(None)).exists()
    return or_(Device.sign_in_id.is_(None), lives)


def of_person(person_id: UUID) -> list[Device]:
    """The devices on which a person is told, by installation."""
    mine = select(Device).where(Device.person_id == person_id, is_rung()).order_by(Device.installation)
    return list(session().execute(mine).scalars())


def unregister(person_id: UUID, installation: str) -> None:
    """Drop a device; one that is not there is dropped already."""
    session().execute(delete(Device).where(Device.person_id == person_id, Device.installation == installation))


def drop_if_unchanged(device: Device) -> bool:
    """Drop a device whose address is dead, unless it was registered anew since it was read."""
    dead = (
        delete(Device)
        .where(Device.person_id == device.person_id, Device.installation == device.installation)
        .where(Device.version == device.version, Device.address_hash == device.address_hash)
        .returning(Device.version)
    )
    return session().execute(dead).scalar_one_or_none() is not None


def opened(device: Device) -> Target:
    """How the device is reached; raises Unsealable."""
    parts = json.loads(ADDRESS.open(device.sealed_address, device.person_id, device.installation))
    return Target(device.kind, **parts)


def seal_anew(device: Device) -> int:
    """Seal an address anew that lies under an older key, and its digest with it; gives how many that were, one or none.

    Raises Unsealable. The registration stays the same one.
    """
    if not ADDRESS.turn(device):
        return 0
    device.address_hash = seal().digests(PURPOSE, opened(device).address)[0]
    return 1


def _upsert(person_id: UUID, installation: str, target: Target, digest: bytes, sign_in_id: UUID | None) -> Device:
    instant = clock.now()
    parts = {"address": target.address, "p256dh": target.p256dh, "auth": target.auth}
    fresh = {
        "kind": target.kind,
        "sign_in_id": sign_in_id,
        "address_hash": digest,
        "sealed_address": ADDRESS.close(json.dumps(parts).encode(), person_id, installation),
        "refreshed_at": instant,
    }
    row = insert(Device).values(person_id=person_id, installation=installation, version=1, created_at=instant, **fresh)
    again = row.on_conflict_do_update(
        index_elements=["person_id", "installation"], set_={**fresh, "version": Device.version + 1}
    )
    return session().execute(again.returning(Device), execution_options={"populate_existing": True}).scalar_one()


def _drop_stalest(person_id: UUID) -> None:
    kept = select(Device.installation).where(Device.person_id == person_id)
    stale = kept.order_by(Device.refreshed_at.desc(), Device.installation).offset(MOST)
    session().execute(
        delete(Device)
        .where(Device.person_id == person_id, Device.installation.in_(stale))
        .execution_options(synchronize_session=False)
    )
