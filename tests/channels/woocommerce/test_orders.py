"""What an order says: units by what the shop holds taken, and never by what its status seems to say."""

import pytest

from tests.channels.woocommerce.reading import read


def test_an_order_is_read_with_its_customer_and_state(shop, bell):
    order = read(shop, shop.book.place({bell: 2}))

    [line] = order.lines
    assert (order.name, order.currency, order.customer.name) == (f"#{order.external_id}", "NPR", "Asha Rai")
    assert (order.customer.email, order.customer.phone) == ("asha@example.com", "9800000000")
    assert (order.is_paid, order.is_open, order.is_delivered) == (True, True, False)
    assert (line.shop_id, line.sku, line.quantity, line.taken, line.cancelled) == (bell, "B-1", 2, 2, 0)


def test_units_follow_what_the_shop_holds_taken_through_all_of_a_life(shop, bell):
    order = shop.book.place({bell: 3}, "pending")
    taken = [read(shop, order).lines[0].taken]
    for step in (
        lambda: shop.book.move(order, "processing"),
        lambda: shop.book.refund(order, {bell: 1}),
        lambda: shop.book.move(order, "cancelled"),
        lambda: shop.book.move(order, "processing"),
    ):
        step()
        taken.append(read(shop, order).lines[0].taken)

    assert taken == [0, 3, 2, 0, 3]
    assert shop.level(bell) == 7


@pytest.mark.parametrize(("status", "taken"), [("failed", 2), ("refunded", 2), ("cancelled", 0), ("pending", 0)])
def test_what_a_status_gives_back_is_read_and_not_guessed(shop, bell, status, taken):
    order = shop.book.place({bell: 2})
    shop.book.move(order, status)

    assert read(shop, order).lines[0].taken == taken


def test_a_failed_order_that_keeps_its_units_says_so(shop, bell):
    order = shop.book.place({bell: 2})
    shop.book.move(order, "failed")

    assert read(shop, order).notes == ("Its payment failed, and the shop keeps what it took.",)


def test_units_taken_twice_are_sold_once_and_told(shop, bell):
    order = shop.book.place({bell: 1})
    shop.book.take_again(order)

    now = read(shop, order)

    assert now.lines[0].taken == 1
    assert now.notes == ("The shop took 2 × Bell for 1 sold: its own level is 1 too low.",)
    assert shop.level(bell) == 8


def test_a_completed_order_is_delivered(shop, bell):
    order = shop.book.place({bell: 1}, "completed")

    now = read(shop, order)

    assert (now.is_delivered, now.is_open) == (True, False)


def test_an_order_that_waits_for_a_transfer_is_not_paid(shop, bell):
    now = read(shop, shop.book.place({bell: 1}, "on-hold"))

    assert (now.is_paid, now.lines[0].taken) == (False, 1)


def test_what_the_shop_does_not_count_is_told_and_takes_nothing(shop):
    service = shop.add("Gift wrap", None, manages=False)

    now = read(shop, shop.book.place({service: 1}))

    assert now.lines[0].taken == 0
    assert "has taken no stock for 1 × Gift wrap" in now.notes[0]


def test_a_line_in_fractions_is_rounded_up_and_told(shop, bell):
    order = shop.book.place({bell: 2})
    order.lines[0].quantity = 1.5

    now = read(shop, order)

    assert now.lines[0].quantity == 2
    assert now.notes == ("The shop sold 1.5 × Bell, which is read as 2.",)
