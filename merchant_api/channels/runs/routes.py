"""Endpoints of work with a channel: push, pull, import, watched and stopped; and drift, decided."""

from uuid import UUID

from flask import Blueprint

from merchant_api.channels.run_models import ChannelRun
from merchant_api.channels.runs import drift, start
from merchant_api.channels.runs.listed import Listed
from merchant_api.channels.runs.schemas import DriftIn, DriftPageOut, RunIn, RunOut, RunPageOut
from merchant_api.channels.states import RunKind
from merchant_api.core.actor import Actor
from merchant_api.core.endpoint import endpoint
from merchant_api.core.paging import Page, PageIn, Window

runs = Blueprint("channel_runs", __name__)


@endpoint(runs, "POST", "/push", needs="channels.edit", body=RunIn, may_be_left_out=True, reply=RunOut, status=202)
def push(merchant_id: UUID, channel_id: UUID, body: start.RunAsked, actor: Actor) -> ChannelRun:
    """Send all levels again, through the web stack."""
    return start.start(merchant_id, channel_id, RunKind.PUSH, body, actor)


@endpoint(runs, "POST", "/pull", needs="channels.edit", body=RunIn, may_be_left_out=True, reply=RunOut, status=202)
def pull(merchant_id: UUID, channel_id: UUID, body: start.RunAsked, actor: Actor) -> ChannelRun:
    """Read all levels: what the shop changed itself is told and, with `apply`, becomes entries of our ledger."""
    return start.start(merchant_id, channel_id, RunKind.PULL, body, actor)


@endpoint(runs, "POST", "/import", needs="channels.edit", body=RunIn, may_be_left_out=True, reply=RunOut, status=202)
def import_items(merchant_id: UUID, channel_id: UUID, body: start.RunAsked, actor: Actor) -> ChannelRun:
    """Take products, opening stock and categories from the primary channel; without `apply` it only tells."""
    return start.start(merchant_id, channel_id, RunKind.IMPORT, body, actor)


@endpoint(runs, "GET", "/runs", needs="channels.read", query=PageIn, reply=RunPageOut)
def list_runs(merchant_id: UUID, channel_id: UUID, query: Window, **_: object) -> Page[ChannelRun]:
    """The channel's runs, newest first."""
    return start.page(merchant_id, channel_id, query)


@endpoint(runs, "GET", "/runs/<uuid:run_id>", needs="channels.read", reply=RunOut)
def get_run(merchant_id: UUID, channel_id: UUID, run_id: UUID, **_: object) -> ChannelRun:
    """How far a run is."""
    return start.find(merchant_id, channel_id, run_id)


@endpoint(runs, "POST", "/runs/<uuid:run_id>/stop", needs="channels.edit", reply=RunOut)
def stop_run(merchant_id: UUID, channel_id: UUID, run_id: UUID, **_: object) -> ChannelRun:
    """Let a run do no page more; what it did stays."""
    return start.stop(merchant_id, channel_id, run_id)


@endpoint(runs, "GET", "/drift", needs="channels.read", query=PageIn, reply=DriftPageOut)
def list_drift(merchant_id: UUID, channel_id: UUID, query: Window, **_: object) -> Page[Listed]:
    """Levels in the shop that are neither ours nor explained by an order."""
    return drift.page(merchant_id, channel_id, query)


@endpoint(runs, "POST", "/drift/<uuid:product_id>", needs="channels.edit", body=DriftIn, status=204)
def decide_drift(
    merchant_id: UUID, channel_id: UUID, product_id: UUID, body: drift.DriftDecision, actor: Actor
) -> None:
    """Decide drift: the shop's figure, ours, or a count."""
    drift.decide(merchant_id, channel_id, product_id, body, actor)
