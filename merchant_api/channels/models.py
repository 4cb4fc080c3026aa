"""Tables of channels and of their listings. Credentials lie sealed, bound to merchant and row."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint, text, true
from sqlalchemy import false as no
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.channels.states import ChannelKind, ChannelState, ListingFault
from merchant_api.core.columns import Blob, Document, Id, Instant, Quantity, Words, one_of
from merchant_api.core.db import Model

CHANNEL = (["merchant_id", "channel_id"], ["channels.merchant_id", "channels.id"])


class Channel(Model):
    """A web shop of a merchant. One that has ended keeps its row, for the orders that came by it, and no secrets.

    `settings` are the rules by which levels are shown (`rules.py`) and what its kind wants beside. `why` is what is in
    the way, in a sentence; while it is `failing` it is left alone until `retry_at`, and then tried with one call.
    `event_secret` is what the shop signs its events with.
    """

    __tablename__ = "channels"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        CheckConstraint("(ended_at IS NULL) = (sealed_credentials IS NOT NULL)", name="has_credentials_until_it_ends"),
        CheckConstraint("(state = 'failing') = (retry_at IS NOT NULL)", name="is_tried_again"),
        Index(
            "uq_channels_primary",
            "merchant_id",
            unique=True,
            postgresql_where=text("is_primary AND ended_at IS NULL"),
        ),
    )

    merchant_id: Mapped[Id] = mapped_column(ForeignKey("merchants.id"))
    id: Mapped[Id]
    kind: Mapped[ChannelKind] = mapped_column(one_of(ChannelKind, "kind"))
    name: Mapped[Words]
    address: Mapped[Words]
    sealed_credentials: Mapped[Blob | None]
    sealed_event_secret: Mapped[Blob | None]
    is_synchronised: Mapped[bool] = mapped_column(server_default=true())
    is_primary: Mapped[bool] = mapped_column(server_default=no())
    settings: Mapped[Document]
    state: Mapped[ChannelState] = mapped_column(one_of(ChannelState, "state"))
    why: Mapped[Words | None]
    failing_since: Mapped[Instant | None]
    failures: Mapped[int] = mapped_column(server_default="0")
    retry_at: Mapped[Instant | None]
    created_by: Mapped[dict[str, str]] = mapped_column(JSONB)
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


class Listing(Model):
    """A product and the item of a channel that stands for it.

    `acknowledged` is the level that the shop last said it sells because of us, `shop_level` what it was last read to
    sell. `sold` counts the units that imported orders took of it, less what they gave back; `sold_then` is `sold` as it
    was at the acknowledgement: so the shop should sell `acknowledged - (sold - sold_then)`. Where it sells another
    number, that is drift: `drift_ours` against `drift_theirs`.
    """

    __tablename__ = "listings"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "channel_id", "product_id"),
        ForeignKeyConstraint(*CHANNEL),
        ForeignKeyConstraint(["merchant_id", "product_id"], ["products.merchant_id", "products.id"]),
        CheckConstraint("(acknowledged IS NULL) = (acknowledged_at IS NULL)", name="acknowledged_at_an_instant"),
        CheckConstraint("(shop_level IS NULL) = (read_at IS NULL)", name="read_at_an_instant"),
        CheckConstraint(
            "(drift_since IS NULL) = (drift_ours IS NULL) AND (drift_ours IS NULL) = (drift_theirs IS NULL)",
            name="drift",
        ),
        Index(
            "uq_listings_item",
            "merchant_id",
            "channel_id",
            "shop_id",
            "shop_location",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index(None, "merchant_id", "product_id"),
    )

    merchant_id: Mapped[Id]
    channel_id: Mapped[Id]
    product_id: Mapped[Id]
    shop_id: Mapped[Words]
    shop_location: Mapped[Words | None]
    is_paused: Mapped[bool] = mapped_column(server_default=no())
    fault: Mapped[ListingFault | None] = mapped_column(one_of(ListingFault, "fault"))
    why: Mapped[Words | None]
    acknowledged: Mapped[Quantity | None]
    acknowledged_at: Mapped[Instant | None]
    sold: Mapped[int] = mapped_column(server_default="0")
    sold_then: Mapped[int] = mapped_column(server_default="0")
    shop_level: Mapped[int | None]
    read_at: Mapped[Instant | None]
    drift_ours: Mapped[int | None]
    drift_theirs: Mapped[int | None]
    drift_since: Mapped[Instant | None]
    created_at: Mapped[Instant]

    @property
    def is_adrift(self) -> bool:
        """Whether the shop sells what neither we nor an order explains."""
        return self.drift_since is not None

    @property
    def expected(self) -> int | None:
        """What the shop should sell by what we know; None where nothing was acknowledged."""
        return None if self.acknowledged is None else self.acknowledged - (self.sold - self.sold_then)

    @property
    def last_known_at(self) -> datetime | None:
        """When we last knew what the shop sells."""
        return max(filter(None, (self.acknowledged_at, self.read_at)), default=None)
