"""The rules of the catalog as whole tables: every status to every other, every kind with every setting."""

from itertools import product as pairs

import pytest

from merchant_api.catalog import limits, publish
from merchant_api.catalog.errors import NotForRegistrations, WrongStatus
from merchant_api.catalog.models import Fulfilment, Product, ProductKind, Status, WhenShort

REFUSED = {(Status.ARCHIVED, Status.PUBLISHED)}


@pytest.mark.parametrize(("before", "after"), list(pairs(Status, Status)))
def test_every_status_leads_where_the_table_says(before, after):
    row = Product(status=before)

    if (before, after) in REFUSED:
        with pytest.raises(WrongStatus):
            publish.move(row, after)
        assert row.status is before
    else:
        publish.move(row, after)
        assert row.status is after


@pytest.mark.parametrize(("fulfilment", "when_short"), list(pairs(Fulfilment, WhenShort)))
def test_merchandise_takes_every_setting(fulfilment, when_short):
    limits.check(ProductKind.MERCHANDISE, fulfilment, when_short)


@pytest.mark.parametrize(("fulfilment", "when_short"), list(pairs(Fulfilment, WhenShort)))
def test_a_registration_names_each_setting_that_it_can_not_have(fulfilment, when_short):
    wrong = {"fulfilment"} if fulfilment is Fulfilment.COURIER else set()
    wrong |= {"when_short"} if when_short is WhenShort.BACKORDER else set()

    if not wrong:
        limits.check(ProductKind.REGISTRATION, fulfilment, when_short)
        return
    with pytest.raises(NotForRegistrations) as refused:
        limits.check(ProductKind.REGISTRATION, fulfilment, when_short)
    assert set(refused.value.members["errors"]) == wrong
