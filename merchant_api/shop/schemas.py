"""Shapes of products and of a new merchant, in and out."""

from dataclasses import dataclass
from typing import Any

from marshmallow import fields

from merchant_api.accounts.schemas import is_payable_currency, is_time_zone
from merchant_api.catalog.edit import ProductChanges
from merchant_api.catalog.models import Fulfilment, ProductKind, Status, WhenShort
from merchant_api.catalog.schemas import LONGEST_NAME
from merchant_api.catalog.sku_field import Sku
from merchant_api.core import reader
from merchant_api.core.columns import LARGEST_QUANTITY
from merchant_api.core.language_tag import LanguageTag
from merchant_api.core.paging import PageIn, Window
from merchant_api.core.reader_fields import Available, SellersInteger
from merchant_api.core.schema import Flag, In, InstantOut, MoneyIn, MoneyOut, Name, Out, QuantityIn, Text, Whole
from merchant_api.core.sentences.field import SentenceOut
from merchant_api.shop.create import NewProduct
from merchant_api.shop.mode import Mode, without_debts
from merchant_api.shop.open import NewMerchant
from merchant_api.stock.adjust import Level

LONGEST_DESCRIPTION = 5_000


@dataclass(frozen=True, slots=True)
class ProductList:
    """A page of products as it is asked for."""

    at: Window
    status: Status | None
    q: str | None
    category: str | None


class NewMerchantIn(In):
    """A merchant to be opened; `owner` is the login of somebody who has registered."""

    makes = NewMerchant

    name = Text(required=True)
    time_zone = fields.String(required=True, validate=is_time_zone)
    currency = fields.String(required=True, validate=is_payable_currency)
    locale = LanguageTag()
    owner = Text(254)


class NewProductIn(In):
    """A product to be created."""

    makes = NewProduct

    sku = Sku(required=True, metadata={"description": "The merchant's own number of the product, never changed."})
    name = Text(required=True)
    price = MoneyIn(required=True)
    description = Text(LONGEST_DESCRIPTION, least=0)
    kind = fields.Enum(ProductKind, by_value=fields.String)
    status = fields.Enum(Status, by_value=fields.String)
    fulfilment = fields.Enum(Fulfilment, by_value=fields.String)
    when_short = fields.Enum(WhenShort, by_value=fields.String)
    is_tracked = Flag()
    max_quantity = QuantityIn(least=0)
    stock = QuantityIn(least=0, metadata={"description": "The opening quantity."})
    category = Name(LONGEST_NAME, metadata={"description": "By name."})


class ProductChangesIn(In):
    """What shall change; what is not named stays."""

    makes = ProductChanges

    name = Text()
    description = Text(LONGEST_DESCRIPTION, least=0)
    price = MoneyIn()
    status = fields.Enum(Status, by_value=fields.String)
    fulfilment = fields.Enum(Fulfilment, by_value=fields.String)
    when_short = fields.Enum(WhenShort, by_value=fields.String)
    is_tracked = Flag()
    max_quantity = QuantityIn(least=0)
    category = Name(LONGEST_NAME, allow_none=True, metadata={"description": "By name; null is none."})


class ProductListIn(PageIn):
    """Which products are wanted; `q` is part of the name or the SKU, `category` a name."""

    makes = ProductList

    status = fields.Enum(Status, by_value=fields.String, load_default=None)
    q = Text(load_default=None)
    category = Name(LONGEST_NAME, load_default=None)


class LevelIn(In):
    """What shall be available; `seen` is what was available on the screen."""

    makes = Level

    quantity = QuantityIn(least=0, required=True)
    comment = Text(500)
    seen = Whole(-LARGEST_QUANTITY, LARGEST_QUANTITY, allow_none=True)


class TotalsOut(Out):
    """Units over all places; customers and strangers see what is available."""

    on_hand = SellersInteger()
    held = SellersInteger()
    available = Available(required=True)
    used = SellersInteger()


class ModeReasonOut(SentenceOut):
    """Why a product has its mode; what is owed to others is for who sells."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        told = value if reader.is_seller() else without_debts(value)
        return super()._serialize(told, attr, obj, **kwargs)


class ProductOut(Out):
    """A product, with its live stock and what an order of it meets now.

    `guests_max` are the guests whom a customer may bring to a registration; null where only the seats limit them.
    """

    id = fields.UUID(required=True, attribute="product.id")
    sku = fields.String(required=True, attribute="product.sku")
    name = fields.String(required=True, attribute="product.name")
    description = fields.String(required=True, attribute="product.description")
    kind = fields.Enum(ProductKind, by_value=fields.String, required=True, attribute="product.kind")
    status = fields.Enum(Status, by_value=fields.String, required=True, attribute="product.status")
    fulfilment = fields.Enum(Fulfilment, by_value=fields.String, required=True, attribute="product.fulfilment")
    when_short = fields.Enum(WhenShort, by_value=fields.String, required=True, attribute="product.when_short")
    is_tracked = fields.Boolean(required=True, attribute="product.is_tracked")
    max_quantity = fields.Integer(required=True, attribute="product.max_quantity")
    guests_max = fields.Integer(required=True, allow_none=True)
    category = fields.String(required=True, allow_none=True)
    price = MoneyOut(required=True)
    stock = fields.Nested(TotalsOut, required=True)
    mode = fields.Enum(Mode, by_value=fields.String, required=True, attribute="shown.mode")
    mode_reason = ModeReasonOut(required=True, attribute="shown.reason")
    created_at = InstantOut(required=True, attribute="product.created_at")
    changed_at = InstantOut(required=True, attribute="product.changed_at")
