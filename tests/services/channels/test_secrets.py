"""A channel's secrets: bound to their row and column, in no repr, sealed anew under a new key."""

import pytest
from flask import Flask
from sqlalchemy import select

from merchant_api.channels import rotate, sealed
from merchant_api.channels.connector import ShopAccess
from merchant_api.channels.edit import ChannelChanges, NewChannel
from merchant_api.channels.models import Channel
from merchant_api.channels.states import ChannelKind
from merchant_api.commands.keys import turn_all
from merchant_api.core.db import session
from merchant_api.core.seal import Seal, Unsealable
from tests.make.channels import make_channel
from tests.make.people import make_merchant

OLD, NEW = "o" * 40, "n" * 40
CREDENTIALS = {"key": "the key"}


def uses(app: Flask, *secrets: str) -> None:
    app.extensions["orderbell.seal"] = Seal(secrets)


def make_sealed(merchant):
    channel = make_channel(merchant)
    sealed.put_credentials(channel, CREDENTIALS)
    secret = sealed.new_event_secret(channel)
    session().commit()
    return channel, secret


def test_what_was_sealed_opens_in_its_row_and_column_alone(database):
    merchant = make_merchant()
    (one, secret), (other, _) = make_sealed(merchant), make_sealed(merchant)
    assert (sealed.credentials_of(one), sealed.event_secret_of(one)) == (CREDENTIALS, secret)

    one.sealed_credentials, one.sealed_event_secret = one.sealed_event_secret, other.sealed_event_secret

    for read in (sealed.credentials_of, sealed.event_secret_of):
        with pytest.raises(Unsealable):
            read(one)


def test_secrets_are_made_up_anew_for_each_channel(database):
    merchant = make_merchant()

    secrets = {make_sealed(merchant)[1] for _ in range(3)}

    assert len(secrets) == 3
    assert all(len(secret) == 64 and secret.isalnum() for secret in secrets)


def test_credentials_are_in_no_repr():
    for shown in (
        repr(NewChannel(ChannelKind.WEBHOOK, "n", "https://n.example.com", CREDENTIALS)),
        repr(ChannelChanges(credentials=CREDENTIALS)),
        repr(ShopAccess("https://n.example.com", CREDENTIALS, "NPR")),
    ):
        assert "the key" not in shown


def test_everything_opens_with_the_newest_key_alone(fresh):
    uses(fresh, OLD)
    merchant = make_merchant()
    channel, secret = make_sealed(merchant)
    ended, _ = make_sealed(merchant)
    sealed.forget(ended)
    ended.ended_at = ended.changed_at
    session().commit()

    uses(fresh, NEW, OLD)
    first, again = rotate.turn_channels(merchant.id), rotate.turn_channels(merchant.id)
    session().commit()

    uses(fresh, NEW)
    row = session().execute(select(Channel).where(Channel.id == channel.id)).scalar_one()
    assert ((first.number, first.lost), (again.number, again.lost)) == ((2, 0), (0, 0))
    assert (sealed.credentials_of(row), sealed.event_secret_of(row)) == (CREDENTIALS, secret)


def test_what_no_key_opens_is_counted_and_left(fresh):
    uses(fresh, OLD)
    merchant = make_merchant()
    make_sealed(merchant)

    uses(fresh, NEW)

    assert rotate.turn_channels(merchant.id) == rotate.Turned(0, 1)


def test_the_command_turns_the_channels_of_every_merchant(fresh):
    uses(fresh, OLD)
    channels = [make_sealed(make_merchant())[0].id for _ in range(2)]

    uses(fresh, NEW, OLD)
    turned, lost = turn_all()

    uses(fresh, NEW)
    rows = session().execute(select(Channel).execution_options(populate_existing=True)).scalars()
    assert (turned, lost) == (4, 0)
    assert {row.id: sealed.credentials_of(row) for row in rows} == dict.fromkeys(channels, CREDENTIALS)
