"""Shapes of runs and of drift."""

from marshmallow import fields, validate

from merchant_api.channels.run_models import ChannelRun
from merchant_api.channels.runs.drift import DriftDecision
from merchant_api.channels.runs.start import RunAsked
from merchant_api.channels.states import RunKind, RunState
from merchant_api.core.columns import LARGEST_QUANTITY
from merchant_api.core.paging import page_of
from merchant_api.core.schema import ActorOut, Flag, In, InstantOut, Out, Whole

_WORDS = {RunState.PENDING: "running"}


class RunIn(In):
    """`apply` false only tells what would change; a push always sends."""

    makes = RunAsked
    apply = Flag()


class RunOut(Out):
    """A run: how far it is (`done` of `of`, where that is known), what is wrong, what changed or would.

    Of `problems` and `changes` the first 200 are kept; the last entry tells how many `more` there were.
    """

    id = fields.UUID(required=True)
    channel_id = fields.UUID(required=True)
    kind = fields.Enum(RunKind, by_value=fields.String, required=True)
    state = fields.Method("_state", required=True, metadata={"enum": ["running", "done", "stopped", "failed"]})
    apply = fields.Boolean(attribute="asked.apply", required=True)
    done = fields.Integer(required=True)
    of = fields.Integer(required=True, allow_none=True)
    problems = fields.List(fields.Dict(), required=True)
    changes = fields.List(fields.Dict(), required=True)
    why = fields.String(required=True, allow_none=True)
    started_by = fields.Nested(ActorOut, required=True)
    created_at = InstantOut(required=True)
    ended_at = InstantOut(required=True, allow_none=True)

    def _state(self, run: ChannelRun) -> str:
        return _WORDS.get(run.state, run.state.value)


class DriftOut(Out):
    """A listing whose level in the shop is neither ours nor explained by an order: both figures, and since when."""

    product_id = fields.UUID(attribute="Listing.product_id", required=True)
    sku = fields.String(required=True)
    shop_id = fields.String(attribute="Listing.shop_id", required=True)
    ours = fields.Integer(attribute="Listing.drift_ours", required=True)
    theirs = fields.Integer(attribute="Listing.drift_theirs", required=True)
    since = InstantOut(attribute="Listing.drift_since", required=True)


class DriftIn(In):
    """Whose figure holds: `ours`, `theirs`, or a `count` of what is available, with its `quantity`."""

    makes = DriftDecision
    take = fields.String(required=True, validate=validate.OneOf(["ours", "theirs", "count"]))
    quantity = Whole(0, LARGEST_QUANTITY)


RunPageOut = page_of(RunOut)
DriftPageOut = page_of(DriftOut)
