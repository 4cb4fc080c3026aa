"""What placing takes, and the list of choices."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from merchant_api.accounts.models import Terms
from merchant_api.catalog.models import ProductKind
from merchant_api.catalog.schemas import LONGEST_NAME
from merchant_api.core.asked import Asked
from merchant_api.core.columns import LARGEST_QUANTITY
from merchant_api.core.paging import PageIn, Window, page_of
from merchant_api.core.schema import Degrees, In, MoneyIn, MoneyOut, Name, Out, PlaceName, QuantityIn, Text
from merchant_api.core.sentences.field import SentenceOut
from merchant_api.orders.models import MOST_GUESTS, MOST_LINES
from merchant_api.orders.place.call import CustomerAsked, LineAsked, OrderAsked
from merchant_api.orders.states import Verdict
from merchant_api.shop.mode import Mode


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """A page of choices as it is asked for, each for `quantity` units."""

    at: Window
    q: str | None
    category: str | None
    quantity: int


class ChoiceListIn(PageIn):
    """Which products are wanted, and how many units of each; `q` is part of the name or the SKU."""

    makes = ChoiceList
    q = Text(load_default=None)
    category = Name(LONGEST_NAME, load_default=None)
    quantity = Asked(load_default=1, validate=validate.Range(1, LARGEST_QUANTITY))


class ChoiceOut(Out):
    """A product for an order on a customer's behalf: what so many units would meet, and why it can't be chosen.

    `available` is what an order can take now, null where stock is not counted.
    """

    product_id = fields.UUID(attribute="view.product.id", required=True)
    sku = fields.String(attribute="view.product.sku", required=True)
    name = fields.String(attribute="view.product.name", required=True)
    kind = fields.Enum(ProductKind, by_value=fields.String, attribute="view.product.kind", required=True)
    price = MoneyOut(attribute="view.price", required=True)
    max_quantity = fields.Integer(attribute="view.product.max_quantity", required=True)
    available = fields.Integer(required=True, allow_none=True)
    verdict = fields.Enum(Verdict, by_value=fields.String, required=True)
    mode = fields.Enum(Mode, by_value=fields.String, attribute="view.shown.mode", required=True)
    mode_reason = SentenceOut(attribute="view.shown.reason", required=True)
    can_choose = fields.Boolean(required=True)
    why_not = SentenceOut(required=True, allow_none=True)


class LineIn(In):
    """One product of an order. `guests` are who comes to a registration beside the customer: quantity is 1 + guests."""

    makes = LineAsked
    product_id = fields.UUID(required=True)
    quantity = QuantityIn(required=True)
    location = PlaceName()
    grade = PlaceName()
    unit_price = MoneyIn()
    guests = fields.List(Text(most=200), validate=validate.Length(0, MOST_GUESTS))


class EmailIn(fields.Email):
    """An e-mail address, without the blanks around it."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        return super()._deserialize(value.strip() if isinstance(value, str) else value, attr, data, **kwargs)


class CustomerIn(In):
    """A customer of this merchant by id, or somebody by name; only from staff, members and integrations.

    One e-mail address, or one phone number with the same name, is one customer of the merchant.
    """

    makes = CustomerAsked
    person_id = fields.UUID()
    name = Text(most=200)
    phone = Text(most=40)
    email = EmailIn(validate=validate.Length(max=254))

    @validates_schema
    def _is_one(self, data: Mapping[str, Any], **_: object) -> None:
        if ("person_id" in data) == ("name" in data):
            raise ValidationError("Give either a person_id, or a name with phone and email.")
        if "person_id" in data and len(data) > 1:
            raise ValidationError("A person_id says all: name, phone and email go without it.")


class DeliverToIn(In):
    """Where an order goes."""

    name = Text(most=200)
    phone = Text(most=40)
    address = Text(most=500)
    line1 = Text(most=200)
    line2 = Text(most=200)
    city = Text(most=100)
    postcode = Text(most=20)
    country = Text(most=60)
    latitude = Degrees(90)
    longitude = Degrees(180)
    note = Text(most=500)


class OrderIn(In):
    """An order to be placed."""

    makes = OrderAsked
    lines = fields.List(fields.Nested(LineIn), required=True, validate=validate.Length(1, MOST_LINES))
    payment_terms = fields.Enum(Terms, by_value=fields.String)
    payment_reference = Text(most=200)
    note = Text(most=1000)
    deliver_to = fields.Nested(DeliverToIn)
    customer = fields.Nested(CustomerIn)


ChoicePageOut = page_of(ChoiceOut)
