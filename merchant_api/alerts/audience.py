"""The people behind an audience, their languages and their devices, read for a whole batch at once.

Members are the merchant's rows; people and devices are people's own, keyed by person (DESIGN.md 4.1).
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts.models import Member, Person
from merchant_api.alerts import devices
from merchant_api.alerts.models import Device
from merchant_api.core.db import session


def members_of(merchant_id: UUID) -> list[UUID]:
    """Everybody who works for the merchant."""
    return list(session().execute(select(Member.person_id).where(Member.merchant_id == merchant_id)).scalars())


def locales_of(people: Iterable[UUID]) -> dict[UUID, str]:
    """The languages that people chose; who chose none, or has no sign-in, is missing."""
    chosen = select(Person.id, Person.locale).where(Person.id.in_(set(people)), Person.locale.is_not(None))
    return {person_id: locale for person_id, locale in session().execute(chosen) if locale}


def devices_of(people: Iterable[UUID]) -> dict[UUID, list[Device]]:
    """The devices of people; who has none, or was disabled, is missing, as are devices whose sign-in ended."""
    found: dict[UUID, list[Device]] = defaultdict(list)
    for device, _ in readers_of(people):
        found[device.person_id].append(device)
    return found


def readers_of(people: Iterable[UUID]) -> list[tuple[Device, str]]:
    """The devices of people, each with how the person is called who reads there."""
    rung = (
        select(Device, Person.name)
        .join(Person, Person.id == Device.person_id)
        .where(Device.person_id.in_(set(people)), Person.disabled_at.is_(None), devices.is_rung())
    )
    return [(device, name) for device, name in session().execute(rung)]
