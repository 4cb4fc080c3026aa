"""Liveness, readiness, figures, and what every reply carries."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from merchant_api.core import clock, pulse
from merchant_api.core.db import db, session


def test_a_live_process_says_so_without_asking_the_database(app: Flask):
    with app.test_client() as client:
        reply = client.get("/healthz")

    assert (reply.status_code, reply.json) == (200, {"status": "alive"})


def test_ready_shows_that_no_jobs_run_and_is_ready_all_the_same(client: FlaskClient):
    reply = client.get("/readyz")

    assert reply.status_code == 200
    assert reply.json == {
        "status": "ready",
        "database": "answers",
        "schema": "current",
        "jobs": {"status": "missing", "last_run": {}},
    }


def test_ready_shows_when_each_job_last_ran(client: FlaskClient):
    pulse.beat("fan_out", "one:1")

    jobs = client.get("/readyz").json["jobs"]

    assert jobs["status"] == "alive"
    assert set(jobs["last_run"]) == {"fan_out"}


def test_jobs_that_were_silent_for_a_minute_are_missing(client: FlaskClient):
    with clock.clock.pinned(clock.now() - timedelta(minutes=1)):
        pulse.beat("fan_out", "one:1")

    assert client.get("/readyz").json["jobs"]["status"] == "missing"


def test_an_old_schema_is_not_ready(client: FlaskClient):
    session().execute(text("UPDATE alembic_version SET version_num = '0001'"))

    reply = client.get("/readyz")

    assert reply.status_code == 503
    assert "migrate" in reply.json["schema"]


@pytest.mark.parametrize(("version", "status", "schema"), [("9999", 200, "newer"), ("abcd", 503, "not current")])
def test_a_schema_of_a_newer_version_is_served_and_an_unknown_one_is_not(
    client: FlaskClient, version: str, status: int, schema: str
):
    session().execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})

    reply = client.get("/readyz")

    assert reply.status_code == status
    assert reply.json["schema"].startswith(schema)


def test_figures_hold_requests_queues_and_heartbeats(client: FlaskClient):
    pulse.beat("deliver", "one:1")
    client.get("/healthz")

    text_of_all = client.get("/metrics").get_data(as_text=True)

    assert 'orderbell_requests_total{endpoint="health.alive",status="200"}' in text_of_all
    assert 'orderbell_queue_pending{queue="events"} 0.0' in text_of_all
    assert 'orderbell_heartbeat_age_seconds{job="deliver"}' in text_of_all
    assert "orderbell_database_up 1.0" in text_of_all


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("203.0.113.9", {}),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}),
        ("127.0.0.1", {"Forwarded": "for=x"}),
        ("127.0.0.1", {"Via": "1.1 proxy"}),
        ("127.0.0.1", {"X-Real-IP": "203.0.113.9"}),
        ("127.0.0.1", {"Host": "rebound.example:8000"}),
        ("203.0.113.9", {"Host": "127.0.0.1:8000"}),
        ("::ffff:203.0.113.9", {"Host": "localhost"}),
        ("", {"Host": "localhost"}),
    ],
)
def test_figures_are_not_for_strangers(client: FlaskClient, address: str, headers: dict[str, str]):
    reply = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})

    assert reply.status_code == 403
    assert reply.content_type == "application/problem+json"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000"])
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_figures_are_for_this_machine_by_one_of_its_names(client: FlaskClient, address: str, host: str):
    reply = client.get("/metrics", headers={"Host": host}, environ_base={"REMOTE_ADDR": address})

    assert reply.status_code == 200


def test_the_logged_line_of_a_request_has_no_query_and_no_secret(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
):
    client.get("/healthz?token=very-secret", headers={"X-Request-Id": "abc-1", "Authorization": "Bearer very-secret"})

    written = capsys.readouterr()
    lines = [line for line in (written.err + written.out).splitlines() if "/healthz" in line]
    assert len(lines) == 1
    assert "very-secret" not in lines[0]
    assert "abc-1" in lines[0]


def test_a_request_id_that_could_forge_a_log_line_is_replaced(client: FlaskClient):
    reply = client.get("/healthz", headers={"X-Request-Id": 'a"b {}'})

    assert reply.headers["X-Request-Id"] != 'a"b {}'
    assert len(reply.headers["X-Request-Id"]) == 32


def test_private_replies_are_not_cached_or_sniffed(client: FlaskClient):
    reply = client.get("/readyz")

    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_the_docs_page_takes_nothing_from_elsewhere(client: FlaskClient):
    page = client.get("/docs")

    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "http" not in page.get_data(as_text=True).replace("https://json-schema", "")
    for part in ("/docs/page.js", "/docs/page.css", "/v1/openapi.json"):
        assert client.get(part).status_code == 200
    assert client.get("/docs/routes.py").status_code == 404


def test_the_document_is_not_sent_again_to_who_has_it(client: FlaskClient):
    tag = client.get("/v1/openapi.json").headers["ETag"]

    assert client.get("/v1/openapi.json", headers={"If-None-Match": tag}).status_code == 304


def test_an_unknown_path_and_method_are_problems_too(client: FlaskClient):
    missing, refused = client.get("/nowhere"), client.post("/healthz")

    assert (missing.status_code, missing.content_type) == (404, "application/problem+json")
    assert (refused.status_code, refused.content_type) == (405, "application/problem+json")
    assert "GET" in refused.headers["Allow"]
    assert json.loads(refused.data)["code"] == "method_not_allowed"
    assert db.engine is not None
