"""A merchant's channels: connected and changed. Credentials go in and never come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import func, select

from merchant_api.accounts.lock import lock_merchant
from merchant_api.channels import acceptable, channel_settings, find, forget_levels, primary, sealed, standing, switch
from merchant_api.channels.errors import TooManyChannels
from merchant_api.channels.mark import mark
from merchant_api.channels.models import Channel
from merchant_api.channels.states import ChannelKind, ChannelState
from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import make_room, session
from merchant_api.core.errors import Invalid
from merchant_api.core.ids import new_id
from merchant_api.core.log import log

MOST = 20
_log = log(__name__)


@dataclass(frozen=True, slots=True)
class NewChannel:
    """A channel to be connected; credentials in no repr."""

    kind: ChannelKind
    name: str
    address: str
    credentials: Mapping[str, str] = field(repr=False)
    is_synchronised: bool = True
    is_primary: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChannelChanges:
    """What shall be otherwise. Credentials are all new ones; of settings those that are given."""

    name: str | None = None
    address: str | None = None
    credentials: Mapping[str, str] | None = field(default=None, repr=False)
    is_synchronised: bool | None = None
    is_primary: bool | None = None
    settings: Mapping[str, Any] | None = None


def add(merchant_id: UUID, new: NewChannel, actor: Actor) -> Channel:
    """Connect a channel; raises NotFound for an unknown merchant, Invalid, TooManyChannels, PrimaryFixed."""
    lock_merchant(merchant_id)  # two who add at once are counted one after the other
    number = select(func.count()).where(Channel.merchant_id == merchant_id, Channel.ended_at.is_(None))
    if session().execute(number).scalar_one() >= MOST:
        raise TooManyChannels(most=MOST)
    of, instant = acceptable.connector(new.kind), clock.now()
    row = Channel(
        merchant_id=merchant_id,
        id=new_id(),
        kind=new.kind,
        name=new.name,
        address=acceptable.address(of, new.address),
        is_synchronised=new.is_synchronised,
        is_primary=False,
        settings=channel_settings.changed(merchant_id, of, {}, new.settings),
        state=ChannelState.NEW,
        failures=0,
        created_by=actor.stamp(),
        created_at=instant,
        changed_at=instant,
        ended_at=None,
    )
    sealed.put_credentials(row, acceptable.credentials(of, new.credentials))
    session().add(row)
    session().flush()
    primary.put(row, is_primary=new.is_primary)
    switch.make_rounds(row, of)
    _log.info("channel.added", merchant=str(merchant_id), channel=str(row.id), kind=row.kind.value, by=actor.id)
    return row


def change(merchant_id: UUID, channel_id: UUID, changes: ChannelChanges, actor: Actor) -> Channel:
    """Change a channel; raises NotFound, also for one that has ended, Invalid, PrimaryFixed."""
    if changes.is_primary is not None:
        lock_merchant(merchant_id)
    row = find.locked(merchant_id, channel_id)
    of = acceptable.connector(row.kind)
    row.name = changes.name or row.name
    if changes.credentials is not None:
        sealed.put_credentials(row, acceptable.credentials(of, changes.credentials))
        standing.try_at_once(row)
        switch.at_once(merchant_id, channel_id)
    if changes.address is not None:
        address = acceptable.address(of, changes.address)
        if changes.credentials is None and urlsplit(address)[:2] != urlsplit(row.address)[:2]:
            raise Invalid(errors={"credentials": ["Give them again: another host is told none that it was not given."]})
        _move(row, address)
    if changes.settings is not None:
        _rule(row, channel_settings.changed(merchant_id, of, row.settings, changes.settings))
    if changes.is_synchronised is not None:
        row.is_synchronised = changes.is_synchronised
    row.changed_at = clock.now()
    session().flush()
    if changes.is_primary is not None:
        primary.put(row, is_primary=changes.is_primary)
    switch.follow(merchant_id, channel_id)
    if (changes.address, changes.settings, changes.is_synchronised) != (None, None, None):
        make_room()  # of all its listings
        mark(merchant_id, channel_id=channel_id)
    _log.info("channel.changed", merchant=str(merchant_id), channel=str(row.id), by=actor.id)
    return row


def _move(row: Channel, address: str) -> None:
    """Another address may be another shop: what was acknowledged there is not known of this one."""
    if address == row.address:
        return
    row.address = address
    standing.is_another(row)
    switch.at_once(row.merchant_id, row.id, is_another=True)
    forget_levels.of_channel(row.merchant_id, row.id)


def _rule(row: Channel, settings: dict[str, Any]) -> None:
    """In another place of the shop nobody knows either what it sells."""
    if settings["shop_location"] != row.settings.get("shop_location"):
        forget_levels.of_channel(row.merchant_id, row.id)
    row.settings = settings
