"""Is it alive, is it ready, and its figures: for load balancers, people on call and Prometheus.

`/healthz` asks nobody; `/readyz` asks the database; `/metrics` answers the machine itself, or whoever has the token.
"""

import hmac
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from merchant_api.core import clock, metrics, migrate, pulse
from merchant_api.core.db import is_unavailable, session
from merchant_api.core.errors import Forbidden
from merchant_api.core.installed import settings
from merchant_api.core.migrate import Schema
from merchant_api.core.schema import rfc3339
from merchant_api.core.tenancy import across_merchants
from merchant_api.core.unsafe_database import is_unsafe
from merchant_api.orders.payment_models import Refund
from merchant_api.orders.states import RefundState
from merchant_api.outbox.models import Delivery, DeliveryState, Event, EventState
from merchant_api.providers.models import PaymentEvent
from merchant_api.providers.states import ProviderEventState as PaymentEventState

health = Blueprint("health", __name__)
_OF_PROXIES = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip")


@health.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return jsonify(status="alive")


@health.get("/readyz")
def ready() -> Response:
    """Whether requests can be served: 503 without a database or with an old schema; absent jobs are only shown.

    A schema that is newer than this code is ready: it is being rolled out.
    """
    try:
        found = migrate.schema(session().connection())
        beats = [] if found is Schema.OTHER else pulse.newest()
    except SQLAlchemyError as error:
        if not is_unavailable(error):
            raise
        return _unready(database="unsafe: its log says why" if is_unsafe(error) else "away")
    if found is Schema.OTHER:
        return _unready(database="answers", schema="not current: run `migrate`")
    return jsonify(status="ready", database="answers", schema=found.value, jobs=_jobs(beats))


def _jobs(beats: list[pulse.Beat]) -> dict[str, object]:
    is_alive = pulse.is_fresh(max((beat.at for beat in beats), default=None))
    return {"status": "alive" if is_alive else "missing", "last_run": {beat.job: rfc3339(beat.at) for beat in beats}}


def _unready(**members: str) -> Response:
    response = jsonify(status="unavailable", **members)
    response.status_code = 503
    response.headers["Retry-After"] = "1"
    return response


@health.get("/metrics")
def figures() -> Response:
    """Every figure, for Prometheus; from this machine only, unless ORDERBELL_METRICS_TOKEN is shown."""
    if not _may_scrape():
        raise Forbidden("Figures are for this machine, or for who has the metrics token.")
    text, kind = metrics.exposition()
    moment = CollectorRegistry()
    moment.register(_AtThisMoment())
    return Response(text + generate_latest(moment), content_type=kind)


def _may_scrape() -> bool:
    token = settings().metrics_token.encode()
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if token and hmac.compare_digest(shown, token):
        return True
    # A proxy on this machine brings strangers' requests from loopback: it says so in one of these headers.
    is_brought = any(name in request.headers for name in _OF_PROXIES)
    # And a page in a browser here may ask by a name of its own that leads to loopback.
    is_named_so = (urlsplit(request.host_url).hostname or "") in ("localhost", "127.0.0.1", "::1")
    return not is_brought and is_named_so and ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104 - nowhere


class _AtThisMoment(Collector):
    """Gauges that are read from the database when they are asked for; none of them while it is away."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        answers = GaugeMetricFamily("orderbell_database_up", "1 if the database answers")
        try:
            gauges = [*_queues(), _heartbeats()]
        except SQLAlchemyError:
            session().rollback()
            answers.add_metric([], 0)
            yield answers
            return
        answers.add_metric([], 1)
        yield answers
        yield from gauges


def _queues() -> Iterator[GaugeMetricFamily]:
    waiting = GaugeMetricFamily("orderbell_queue_pending", "Rows that wait", labels=["queue"])
    age = GaugeMetricFamily("orderbell_queue_age_seconds", "How long the longest overdue row waits", labels=["queue"])
    for name, due_at, pending in (
        ("events", Event.due_at, Event.state == EventState.PENDING),
        ("deliveries", Delivery.due_at, Delivery.state == DeliveryState.PENDING),
        ("refunds", Refund.due_at, Refund.state == RefundState.PENDING),
        ("payment_events", PaymentEvent.due_at, PaymentEvent.state == PaymentEventState.WAITING),
    ):
        with across_merchants():
            number, oldest = session().execute(select(func.count(), func.min(due_at)).where(pending)).one()
        waiting.add_metric([name], number)
        age.add_metric([name], 0 if oldest is None else max(0.0, (clock.now() - oldest).total_seconds()))
    yield waiting
    yield age


def _heartbeats() -> GaugeMetricFamily:
    ages = GaugeMetricFamily("orderbell_heartbeat_age_seconds", "Since the last run of a job", labels=["job"])
    for beat in pulse.newest():
        ages.add_metric([beat.job], max(0.0, (clock.now() - beat.at).total_seconds()))
    return ages
