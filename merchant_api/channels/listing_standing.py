"""Where listings stand, in SQL: from their switch, fault and drift, and from what waits for them on the web stack."""

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import aliased

from merchant_api.catalog.models import Product
from merchant_api.channels.level_models import StackRecord
from merchant_api.channels.models import Listing
from merchant_api.channels.states import LevelState, ListingFault, ListingState

Waiting = aliased(StackRecord)
_Skipped = aliased(StackRecord)
_EXPECTED = Listing.acknowledged - (Listing.sold - Listing.sold_then)


def joined() -> ColumnElement[bool]:
    """The condition by which what waits for a listing is joined to it: one record at the most."""
    return and_(
        Waiting.merchant_id == Listing.merchant_id,
        Waiting.channel_id == Listing.channel_id,
        Waiting.product_id == Listing.product_id,
        Waiting.state.in_((LevelState.PENDING, LevelState.HELD)),
    )


def state() -> ColumnElement[str]:
    """The state of a listing; its product and what waits for it are joined."""
    return case(
        (Listing.is_paused | ~Product.is_tracked, ListingState.PAUSED.value),
        (Listing.fault == ListingFault.GONE, ListingState.GONE.value),
        (Listing.fault.is_not(None), ListingState.FAILING.value),
        (Waiting.state == LevelState.HELD, ListingState.HELD.value),
        (Listing.drift_since.is_not(None), ListingState.DRIFT.value),
        (and_(Waiting.attempts > 0, Waiting.tried_at.is_not(None)), ListingState.FAILING.value),
        (Waiting.id.is_not(None), ListingState.WAITING.value),
        (_skipped().exists(), ListingState.SKIPPED.value),
        (Listing.acknowledged.is_(None), ListingState.WAITING.value),
        else_=ListingState.IN_STEP.value,
    )


def _skipped() -> Select[int]:
    """A level that was skipped since the shop last acknowledged one, and that it does not sell."""
    return (
        select(_Skipped.level)
        .where(
            _Skipped.merchant_id == Listing.merchant_id,
            _Skipped.channel_id == Listing.channel_id,
            _Skipped.product_id == Listing.product_id,
            _Skipped.state == LevelState.SKIPPED,
            _Skipped.level.is_distinct_from(_EXPECTED),
            _Skipped.ended_at > func.coalesce(Listing.acknowledged_at, Listing.created_at),
        )
        .correlate(Listing)
    )
