"""A provider's secrets: bound to their row, several good while one rotates, sealed anew under a new key."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.seal import Seal, Unsealable
from merchant_api.providers import edit, receive, rotate, sealed
from merchant_api.providers.edit import New, ProviderChanges
from merchant_api.providers.errors import BadSignature
from merchant_api.providers.models import PaymentProvider
from merchant_api.providers.states import ProviderKind
from tests.make.people import make_actor, make_merchant
from tests.make.providers import API_KEY, STRIPE_SECRET, incoming, intent, make_provider, stripe_event

OLD, NEW = "o" * 40, "n" * 40
SELLER = make_actor()


def uses(app: Flask, *secrets: str) -> None:
    app.extensions["orderbell.seal"] = Seal(secrets)


def changed(provider, **changes):
    return edit.change(provider.merchant_id, provider.id, ProviderChanges(**changes), SELLER)


def good_at(provider, seconds):
    return sealed.secrets_of(provider, clock.now() + timedelta(seconds=seconds))


def test_old_secrets_stay_good_for_as_long_as_was_said_and_no_longer(database):
    provider = make_provider(make_merchant())
    with clock.clock.pinned(clock.now()):
        changed(provider, secret="whsec_second", old_valid_for_s=100)
        changed(provider, secret="whsec_third", old_valid_for_s=1000)

        assert good_at(provider, 99) == ["whsec_third", "whsec_second", STRIPE_SECRET]
        assert good_at(provider, 100) == ["whsec_third", "whsec_second"]
        assert good_at(provider, 1000) == ["whsec_third"]


def test_a_secret_that_comes_again_is_the_newest_once(database):
    provider = make_provider(make_merchant())
    changed(provider, secret="whsec_second")

    changed(provider, secret=STRIPE_SECRET)

    assert good_at(provider, 0) == [STRIPE_SECRET, "whsec_second"]


def test_no_more_than_five_secrets_are_good_at_once(database):
    provider = make_provider(make_merchant())
    for number in range(9):
        changed(provider, secret=f"whsec_number_{number}")

    assert good_at(provider, 0) == [f"whsec_number_{number}" for number in (8, 7, 6, 5, 4)]


def test_a_sealed_value_of_another_row_does_not_open(database):
    merchant = make_merchant()
    one, other = make_provider(merchant, api_key=API_KEY), make_provider(merchant, api_key=API_KEY)

    one.sealed_secrets, one.sealed_api_key = other.sealed_secrets, other.sealed_secrets

    for read in (lambda: good_at(one, 0), lambda: sealed.api_key_of(one)):
        with pytest.raises(Unsealable):
            read()


def test_a_provider_whose_secrets_open_with_no_key_lets_nobody_in(database):
    provider = make_provider(make_merchant())
    provider.sealed_secrets = b"\x01" + bytes(40)
    session().commit()

    with pytest.raises(BadSignature):
        receive.receive(
            provider.merchant_id,
            provider.id,
            incoming(stripe_event("payment_intent.succeeded", intent("pi_1", 1))),
        )


def test_secrets_are_in_no_repr():
    for shown in (
        repr(New(ProviderKind.STRIPE, "n", STRIPE_SECRET, API_KEY)),
        repr(ProviderChanges(secret=STRIPE_SECRET, api_key=API_KEY)),
    ):
        assert STRIPE_SECRET not in shown
        assert API_KEY not in shown


def test_everything_opens_with_the_newest_key_alone(fresh):
    uses(fresh, OLD)
    merchant = make_merchant()
    provider = make_provider(merchant, api_key=API_KEY)
    ended = make_provider(merchant)
    edit.end(merchant.id, ended.id, SELLER)
    session().commit()

    uses(fresh, NEW, OLD)
    first, again = rotate.turn_providers(merchant.id), rotate.turn_providers(merchant.id)
    session().commit()

    uses(fresh, NEW)
    row = session().execute(select(PaymentProvider).where(PaymentProvider.id == provider.id)).scalar_one()
    assert ((first.number, first.lost), (again.number, again.lost)) == ((2, 0), (0, 0))
    assert (good_at(row, 0), sealed.api_key_of(row)) == ([STRIPE_SECRET], API_KEY)


def test_what_no_key_opens_is_counted_and_left(fresh):
    uses(fresh, OLD)
    merchant = make_merchant()
    make_provider(merchant)

    uses(fresh, NEW)

    assert rotate.turn_providers(merchant.id) == rotate.Turned(0, 1)
