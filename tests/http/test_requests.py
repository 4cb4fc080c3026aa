"""What may be read in two ways is not read at all: hosts, and arguments that are given twice."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from merchant_api.core.db import session
from tests.make.people import make_person
from tests.make.tokens import bearer, make_token


@pytest.mark.parametrize("host", ["", "shop.example, shop.example", "shop.example/", "a b", "[::1", "shop.example:x"])
def test_a_request_that_names_no_host_or_two_is_malformed(client: FlaskClient, host: str):
    reply = client.get("/healthz", headers={"Host": host})

    assert (reply.status_code, reply.json["code"]) == (400, "malformed")
    assert reply.headers["X-Request-Id"]


@pytest.mark.parametrize("host", ["shop.example", "SHOP.example:8443", "[::1]:8000", "127.0.0.1", "under_score.test"])
def test_a_request_that_names_one_host_is_answered(client: FlaskClient, host: str):
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("query", ["limit=1&limit=2", "limit=1&limit=1", "cursor=&limit=3&cursor="])
def test_an_argument_that_is_given_twice_is_refused_by_its_name(client: FlaskClient, query: str):
    reply = client.get(f"/v1/me/orders?{query}", headers=bearer(make_token(make_person())))

    assert (reply.status_code, reply.json["code"]) == (422, "invalid")
    assert list(reply.json["errors"].values()) == [["Given more than once."]]


@pytest.mark.parametrize("state", ["53100", "53200", "25006"])
def test_a_database_without_room_or_that_only_reads_is_unavailable(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, state: str
):
    headers = bearer(make_token(make_person()))
    failing = text(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$")
    monkeypatch.setattr("merchant_api.orders.find.mine", lambda *_: session().execute(failing))
    monkeypatch.setattr("merchant_api.core.db.TRIES", 1)

    reply = client.get("/v1/me/orders", headers=headers)

    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "1")
