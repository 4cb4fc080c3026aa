"""One person is one customer, however often and in whatever words sellers enter him."""

import pytest

from tests.http.orders.conftest import Shop
from tests.make.people import make_person
from tests.make.registrations import make_class
from tests.make.stock import balances, make_product
from tests.make.tokens import bearer, make_token

ASHA = {"name": "Asha Rai", "phone": "+977 984-1234567", "email": "asha@example.com"}
SAME = [
    ASHA,
    ASHA | {"email": " Asha@Example.COM "},
    {"name": "A. Rai", "email": "ASHA@example.com"},
    {"name": "asha  RAI", "phone": "9841234567"},
    {"name": "Asha Rai", "phone": "00977 9841234567", "email": "another@example.com"},
]
OTHERS = [
    {"name": "Bina Rai", "phone": ASHA["phone"]},
    {"name": "Asha Rai"},
    {"name": "Asha Rai", "email": "asha@example.org"},
    {"name": "Asha Rai", "phone": "+977 984-1234568"},
]


@pytest.mark.parametrize("who", ["owner", "clerk", "staff", "key"])
@pytest.mark.parametrize("again", SAME)
def test_the_same_person_entered_twice_has_one_seat(shop, who, again):
    seats = make_class(shop.merchant)
    first = shop.order("owner", seats, customer=ASHA).json

    refused = shop.order(who, seats, customer=again)

    assert (refused.status_code, refused.json["code"]) == (409, "already_registered")
    assert refused.json["lines"][0]["order_code"] == first["code"]
    assert balances(seats) == (12, 1, 0)


@pytest.mark.parametrize("other", OTHERS)
def test_somebody_else_has_a_seat_of_her_own(shop, other):
    seats = make_class(shop.merchant)
    shop.order("owner", seats, customer=ASHA)

    assert shop.order("owner", seats, customer=other).status_code == 201
    assert balances(seats) == (12, 2, 0)


def test_who_was_entered_by_either_mark_is_known_by_both_from_then_on(shop):
    seats, mug = make_class(shop.merchant), make_product(shop.merchant, on_hand=9)
    shop.order("owner", mug, customer={"name": "Asha Rai", "email": "asha@example.com"})
    shop.order("owner", mug, customer=ASHA)

    first = shop.order("owner", seats, customer={"name": "Asha Rai", "phone": "9841234567"})
    again = shop.order("owner", seats, customer={"name": "Mrs Rai", "email": "asha@example.com"})

    assert (first.status_code, again.status_code) == (201, 409)


def test_marks_of_two_customers_are_looked_at_both(shop):
    seats, mug = make_class(shop.merchant), make_product(shop.merchant, on_hand=9)
    shop.order("owner", mug, customer={"name": "Asha Rai", "email": "asha@example.com"})
    shop.order("owner", seats, customer={"name": "Asha Rai", "phone": "9841234567"})

    both = shop.order("owner", seats, customer=ASHA)
    by_email = shop.order("owner", seats, customer={"name": "Mrs Rai", "email": "asha@example.com"})

    assert (both.status_code, both.json["code"]) == (409, "already_registered")
    assert by_email.status_code == 201  # nothing stands that says otherwise: a refusal changed nothing


def test_two_customers_who_turn_out_to_be_one_are_one_from_then_on(shop):
    seats, mug = make_class(shop.merchant), make_product(shop.merchant, on_hand=9)
    phone, email = {"name": "Asha Rai", "phone": "9841234567"}, {"name": "Mrs Rai", "email": "asha@example.com"}
    third = {"name": "A. Rai", "phone": "9841234567"}
    for each in (phone, email, third, ASHA, third | {"email": "asha@example.com"}):
        assert shop.order("owner", mug, customer=each).status_code == 201

    replies = [shop.order("owner", seats, customer=each) for each in (third, phone, email, ASHA)]

    assert [reply.status_code for reply in replies] == [201, 409, 409, 409]


def test_a_seat_that_was_given_back_can_be_taken_again(shop):
    seats = make_class(shop.merchant)
    first = shop.order("owner", seats, customer=ASHA).json["id"]
    shop.call("owner", "POST", f"/orders/{first}/cancel", {"reason": "ill"})

    assert shop.order("owner", seats, customer=ASHA).status_code == 201


def test_a_sign_in_that_nobody_verified_blocks_nobody_and_is_blocked_by_nobody(shop):
    seats = make_class(shop.merchant)
    mallory = bearer(make_token(make_person("Asha Rai", email="asha@example.com", phone="+9779841234567")))
    shop.headers["mallory"] = mallory

    by_herself = shop.order("mallory", seats)
    entered = shop.order("owner", seats, customer=ASHA)

    assert (by_herself.status_code, entered.status_code) == (201, 201)
    assert shop.order("owner", seats, customer=ASHA).status_code == 409
    assert shop.order("mallory", seats).status_code == 409
    assert by_herself.json["id"] not in shop.order("owner", seats, customer=ASHA).get_data(as_text=True)


def test_another_merchant_knows_nobody_from_here(shop):
    other = Shop(shop.client)
    shop.order("owner", make_class(shop.merchant), customer=ASHA)

    assert other.order("owner", make_class(other.merchant), customer=ASHA).status_code == 201


def test_the_cap_sees_one_person_in_all_spellings(shop):
    shop.call("owner", "PATCH", "", {"unpaid_orders_cap": 2})
    mug = make_product(shop.merchant)

    replies = [shop.order("key", mug, customer=each) for each in SAME[:3]]
    other = shop.order("key", mug, customer=OTHERS[0])

    assert [reply.status_code for reply in [*replies, other]] == [201, 201, 429, 201]
    assert replies[2].json["code"] == "too_many_unpaid"


def test_the_cap_counts_the_orders_of_all_whom_the_marks_name(shop):
    shop.call("owner", "PATCH", "", {"unpaid_orders_cap": 2})
    mug = make_product(shop.merchant)
    shop.order("key", mug, customer={"name": "Asha Rai", "email": "asha@example.com"})
    shop.order("key", mug, customer={"name": "Asha Rai", "phone": "9841234567"})

    assert shop.order("key", mug, customer=ASHA).status_code == 429


@pytest.mark.parametrize("email", ["asha", "asha@", "", " ", 5, None, "a\x00@b.example", "a@b@c.example"])
def test_what_is_no_address_is_refused(shop, email):
    reply = shop.order("owner", make_class(shop.merchant), customer=ASHA | {"email": email})

    assert reply.status_code == 422


@pytest.mark.parametrize(
    "phone", ["\u202e+977", "+" * 40, "0" * 40, "tel:+9779841234567;ext=5", "\u0660" * 30, "call me"]
)
def test_a_strange_phone_is_known_again_by_its_digits(shop, phone):
    seats = make_class(shop.merchant)

    replies = [shop.order("owner", seats, customer={"name": "Asha", "phone": phone}).status_code for _ in range(2)]

    assert replies == [201, 409 if any(letter.isdecimal() for letter in phone) else 201]
