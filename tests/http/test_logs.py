"""What goes wrong is logged with its traceback, and without what people and programs keep for themselves."""

import errno

import pytest
from flask.testing import FlaskClient
from prometheus_client import REGISTRY
from sqlalchemy import text

from merchant_api.core.db import session
from tests.make.people import make_person
from tests.make.tokens import bearer, make_token

ROW = {"id": "0190c0de-0000-7000-8000-000000000000", "name": "Deepa", "hash": "$argon2id$very-secret"}
BROKEN = "INSERT INTO people (id, name, email, password_hash, is_staff) VALUES (:id, :name, 'd@x.example', :hash, NULL)"


def test_a_failed_statement_is_logged_without_its_parameters_and_rows(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    headers = bearer(make_token(make_person()))
    monkeypatch.setattr("merchant_api.orders.find.mine", lambda *_: session().execute(text(BROKEN), ROW))

    reply = client.get("/v1/me/orders", headers=headers)

    (line,) = [line for line in capsys.readouterr().err.splitlines() if "request.failed" in line]
    assert (reply.status_code, reply.json["code"]) == (500, "internal")
    assert 'null value in column \\"is_staff\\"' in line
    assert "INSERT INTO people" in line
    for secret in (ROW["name"], "d@x.example, ", ROW["hash"]):
        assert secret not in line


class FullVolume:
    """Standard error on a volume that has no room left."""

    def write(self, _line: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    flush = write


def test_a_log_that_cannot_be_written_takes_nobody_s_answer_away(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    headers = bearer(make_token(make_person()))
    before = REGISTRY.get_sample_value("orderbell_log_lines_dropped_total")
    monkeypatch.setattr("sys.stderr", FullVolume())

    reply = client.get("/v1/me/orders", headers=headers)

    assert reply.status_code == 200
    assert REGISTRY.get_sample_value("orderbell_log_lines_dropped_total") == before + 1
