"""A place has one longest name, wherever it is named."""

import pytest
from marshmallow import ValidationError

from merchant_api.carts.schemas import CartLineIn
from merchant_api.core.ids import new_id
from merchant_api.orders.place.schemas import LineIn
from merchant_api.stock.place_schemas import NewGradeIn, NewLocationIn
from merchant_api.stock.schemas import PlaceIn


@pytest.mark.parametrize("shape", [LineIn, CartLineIn, PlaceIn])
@pytest.mark.parametrize("kind", ["location", "grade"])
def test_a_name_that_no_place_can_have_is_refused_where_it_is_asked_for(shape, kind):
    needed = {"product_id": str(new_id()), "quantity": 1}
    line = {name: value for name, value in needed.items() if name in shape().fields}

    shape().load(line | {kind: "x" * 80})

    with pytest.raises(ValidationError) as refused:
        shape().load(line | {kind: "x" * 81})
    assert list(refused.value.messages) == [kind]


@pytest.mark.parametrize("shape", [NewLocationIn, NewGradeIn])
def test_a_place_is_given_no_longer_name(shape):
    shape().load({"name": "x" * 80})

    with pytest.raises(ValidationError):
        shape().load({"name": "x" * 81})
