"""Opening a merchant."""

import pytest
from sqlalchemy import select

from merchant_api.accounts import passwords
from merchant_api.accounts.errors import BadLogin, TooShortToJoin
from merchant_api.accounts.models import Member, MemberRole
from merchant_api.core.db import session
from merchant_api.core.paging import Window
from merchant_api.shop.errors import NoSuchOwner
from merchant_api.shop.open import NewMerchant, open_merchant
from merchant_api.stock import places
from merchant_api.stock.models import Grade, Location
from tests.make.people import make_person


def test_a_merchant_starts_with_one_location_and_one_grade(database):
    merchant = open_merchant(NewMerchant("Crafts", "Asia/Kathmandu", "NPR"))

    found = [places.page(table, merchant.id, Window()).items for table in (Location, Grade)]

    assert [[row.name for row in rows] for rows in found] == [["default"], ["default"]]
    assert (merchant.respond_window_s, merchant.pay_window_s, merchant.locale) == (1800, 3600, "en")


def test_the_named_person_becomes_the_owner(database):
    person = make_person()

    merchant = open_merchant(NewMerchant("Crafts", "UTC", "EUR", owner=person.email.upper()))
    session().flush()

    row = session().execute(select(Member).where(Member.merchant_id == merchant.id)).scalar_one()
    assert (row.person_id, row.role) == (person.id, MemberRole.OWNER)


@pytest.mark.parametrize(("owner", "refusal"), [("nobody@example.com", NoSuchOwner), ("nonsense", BadLogin)])
def test_an_owner_who_is_nobody_is_refused(database, owner, refusal):
    with pytest.raises(refusal):
        open_merchant(NewMerchant("Crafts", "UTC", "EUR", owner=owner))


def test_an_owner_needs_a_password_of_ten_characters(database):
    person = make_person(password_hash=passwords.hash_password("xk29fjqpz"))

    with pytest.raises(TooShortToJoin):
        open_merchant(NewMerchant("Crafts", "UTC", "EUR", owner=person.email))
