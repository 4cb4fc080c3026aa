"""Who is rung: people who are not disabled, on devices whose sign-in lives."""

from datetime import timedelta

from sqlalchemy import delete, update

from merchant_api.accounts.sign_in_models import AccessToken, SignIn
from merchant_api.alerts import audience
from merchant_api.core import clock
from merchant_api.core.db import session
from tests.make.alerts import make_phone
from tests.make.people import make_person
from tests.make.tokens import bearer, make_token

PHONE = {"kind": "fcm_fid", "address": "fid-of-a-phone"}


def rung(person):
    session().expire_all()
    return [device.installation for device in audience.devices_of([person.id]).get(person.id, [])]


def test_who_is_disabled_is_not_rung(database):
    person, other = make_person("Asha"), make_person("Bina")
    make_phone(person)
    make_phone(other)

    person.disabled_at = clock.now()
    session().commit()

    assert rung(person) == []
    assert rung(other) == ["phone"]


def test_who_logs_out_is_rung_on_the_other_devices_only(client):
    person = make_person("Asha")
    here, there = bearer(make_token(person)), bearer(make_token(person))
    client.put("/v1/me/devices/here", json=PHONE, headers=here)
    client.put("/v1/me/devices/there", json=PHONE | {"address": "fid-of-another"}, headers=there)

    client.post("/v1/auth/logout", headers=here)

    assert rung(person) == ["there"]


def test_who_signs_in_again_is_rung_again_once_the_app_registered(client):
    person = make_person("Asha")
    before, after = bearer(make_token(person)), bearer(make_token(person))
    client.put("/v1/me/devices/here", json=PHONE, headers=before)
    client.post("/v1/auth/logout", headers=before)

    client.put("/v1/me/devices/here", json=PHONE, headers=after)

    assert rung(person) == ["here"]


def test_a_sign_in_that_is_forgotten_rings_no_more(client):
    person = make_person("Asha")
    client.put("/v1/me/devices/here", json=PHONE, headers=bearer(make_token(person)))
    session().execute(update(SignIn).values(expires_at=clock.now() - timedelta(days=8)))
    assert rung(person) == ["here"]

    session().execute(delete(AccessToken))
    session().execute(delete(SignIn))

    assert rung(person) == []
