"""What the list of choices takes and gives."""

from dataclasses import dataclass

from marshmallow import fields, validate

from merchant_api.catalog.models import Kind
from merchant_api.catalog.schemas import LONGEST_NAME
from merchant_api.core.columns import LARGEST_QUANTITY
from merchant_api.core.paging import PageIn, page_of
from merchant_api.core.schema import MoneyOut, Out, Text
from merchant_api.orders.states import Verdict
from merchant_api.shop.mode import Mode


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """A page of choices as it is asked for, each for `quantity` units."""

    limit: int
    cursor: str | None
    q: str | None
    category: str | None
    quantity: int


class ChoiceListIn(PageIn):
    """Which products are wanted, and how many units of each; `q` is part of the name or the SKU."""

    makes = ChoiceList
    q = Text(load_default=None)
    category = Text(LONGEST_NAME, load_default=None)
    quantity = fields.Integer(load_default=1, validate=validate.Range(1, LARGEST_QUANTITY))


class ChoiceOut(Out):
    """A product for an order on a customer's behalf: what so many units would meet, and why it can't be chosen.

    `available` is what an order can take now, null where stock is not counted.
    """

    product_id = fields.UUID(attribute="view.product.id", required=True)
    sku = fields.String(attribute="view.product.sku", required=True)
    name = fields.String(attribute="view.product.name", required=True)
    kind = fields.Enum(Kind, by_value=fields.String, attribute="view.product.kind", required=True)
    price = MoneyOut(attribute="view.price", required=True)
    max_quantity = fields.Integer(attribute="view.product.max_quantity", required=True)
    available = fields.Integer(required=True, allow_none=True)
    verdict = fields.Enum(Verdict, by_value=fields.String, required=True)
    mode = fields.Enum(Mode, by_value=fields.String, attribute="view.shown.mode", required=True)
    mode_reason = fields.String(attribute="view.shown.reason", required=True)
    can_choose = fields.Boolean(required=True)
    why_not = fields.String(required=True, allow_none=True)


ChoicePageOut = page_of(ChoiceOut)
