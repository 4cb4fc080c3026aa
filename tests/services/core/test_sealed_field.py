"""Sealed values: where each is bound to stays what it was, or nothing that lies in a database would open any more."""

from flask import Flask

from merchant_api.alerts import devices, web_keys
from merchant_api.alerts.devices import Target
from merchant_api.alerts.models import DeviceKind, InstallationKey
from merchant_api.core import installed, replay
from merchant_api.core.db import session
from merchant_api.providers import sealed
from tests.make.people import make_merchant, make_person
from tests.make.providers import API_KEY, make_provider


def test_an_address_is_bound_to_person_and_installation(database: Flask) -> None:
    person = make_person()

    device = devices.register(person.id, "phone", Target(DeviceKind.FCM_FID, "fid"))

    assert b"fid" in installed.seal().open(device.sealed_address, f"devices:{person.id}:phone")


def test_the_key_of_web_push_is_bound_to_its_name(database: Flask) -> None:
    made = web_keys.keys()

    row = session().get(InstallationKey, "vapid")

    assert row is not None
    assert installed.seal().open(row.sealed, "installation_keys:vapid").decode() == made.private_pem


def test_the_secrets_of_a_provider_are_bound_to_merchant_row_and_kind(database: Flask) -> None:
    provider = make_provider(make_merchant())
    sealed.put_api_key(provider, API_KEY)

    place = f"payment_providers:{provider.merchant_id}:{provider.id}"

    assert installed.seal().open(provider.sealed_api_key or b"", f"{place}:api_key").decode() == API_KEY
    assert installed.seal().open(provider.sealed_secrets or b"", f"{place}:secrets")[:2] == b"[["


def test_a_secret_answer_is_bound_to_its_whole_key(database: Flask) -> None:
    merchant = make_merchant()
    claim = replay.as_secret(replay.Claim(merchant.id, "seller:1", "POST /keys", "K1", b"same"))
    replay.take(claim)
    replay.keep(claim, replay.Answer(201, b"secret"))

    row = session().get(replay.IdempotencyKey, (merchant.id, "seller:1", "POST /keys", "K1"), populate_existing=True)

    assert row is not None
    place = f"idempotency_keys:{merchant.id}:seller:1:POST /keys:K1"
    assert installed.seal().open(row.body or b"", place) == b"secret"
    assert replay.find(claim) == replay.Answer(201, b"secret")
