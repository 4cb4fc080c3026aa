"""Placements of one batch: a refusal undoes no neighbour and costs no second transaction, and the books agree."""

from dataclasses import replace

import pytest

from merchant_api.accounts.models import Customer, Terms
from merchant_api.carts import checkout, find
from merchant_api.carts.errors import CartChanged
from merchant_api.carts.find import CartStanding
from merchant_api.catalog.models import Fulfilment, ProductKind, WhenShort
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import Around, Placed
from tests.make.carts import look_at, make_cart, newcomer, put, saw
from tests.make.orders import place_one, reread, wanted
from tests.make.people import make_actor, make_merchant
from tests.make.snapshot import check_books, everything
from tests.make.statements import statements_of
from tests.make.stock import balances, make_product

LATER, REFUSE, ASK = Terms.AFTER_ACCEPTANCE, WhenShort.REFUSE, WhenShort.ASK


def outcomes(results):
    return [result.view.order.state.value if isinstance(result, Placed) else result.refusal.code for result in results]


def test_one_at_the_cap_is_left_out_and_his_neighbours_stand(database):
    merchant, eager = make_merchant(unpaid_orders_cap=1), make_actor(Role.CUSTOMER)
    mug = make_product(merchant, on_hand=9, when_short=REFUSE)
    place_one([(mug, 1)], eager, terms=LATER)
    others = [make_actor(Role.CUSTOMER) for _ in range(2)]

    results = place(merchant.id, [wanted([(mug, 2)], actor, terms=LATER) for actor in (others[0], eager, others[1])])

    assert outcomes(results) == ["awaiting_payment", "too_many_unpaid", "awaiting_payment"]
    assert balances(mug) == (9, 5, 0)
    check_books(merchant.id)


def test_who_comes_after_one_at_the_cap_gets_what_that_one_would_have_taken(database):
    merchant, eager = make_merchant(unpaid_orders_cap=1), make_actor(Role.CUSTOMER)
    other, mug = make_product(merchant, on_hand=1), make_product(merchant, on_hand=3, when_short=REFUSE)
    place_one([(other, 1)], eager, terms=LATER)
    batch = [wanted([(mug, 1)]), wanted([(mug, 2)], eager, terms=LATER), wanted([(mug, 2)]), wanted([(mug, 1)])]

    results = place(merchant.id, batch)

    assert outcomes(results) == ["confirmed", "too_many_unpaid", "confirmed", "insufficient_stock"]
    assert balances(mug) == (3, 3, 0)
    check_books(merchant.id)


def test_of_one_customers_orders_those_that_came_first_stand(database):
    merchant, eager = make_merchant(unpaid_orders_cap=2), make_actor(Role.CUSTOMER)
    mug = make_product(merchant, on_hand=0, when_short=ASK)
    mine, batch = [], []
    for number in range(3):
        mine.append(wanted([(mug, 1)], eager, note=f"mine {number}"))
        batch += [mine[-1], wanted([(mug, 1)])]

    results = place(merchant.id, batch)

    assert outcomes(results) == ["requested"] * 4 + ["too_many_unpaid", "requested"]
    assert [results[0].view.order.note, results[2].view.order.note] == ["mine 0", "mine 1"]
    check_books(merchant.id)


def test_one_short_of_stock_is_named_and_his_neighbours_stand(database):
    merchant = make_merchant()
    mug, mask = make_product(merchant, on_hand=9), make_product(merchant, on_hand=2, when_short=REFUSE)

    results = place(merchant.id, [wanted([(mug, 1), (mask, units)]) for units in (1, 3, 1)])

    assert outcomes(results) == ["confirmed", "insufficient_stock", "confirmed"]
    (named,) = results[1].refusal.members["lines"]
    assert (named["product_id"], named["wanted"], named["available"]) == (str(mask.id), 3, 1)
    assert (balances(mug), balances(mask)) == ((9, 2, 0), (2, 2, 0))
    check_books(merchant.id)


def test_a_seat_that_one_at_the_cap_would_have_taken_is_free(database):
    merchant, eager = make_merchant(unpaid_orders_cap=1), make_actor(Role.CUSTOMER)
    mug = make_product(merchant, on_hand=9)
    seat = make_product(
        merchant, on_hand=3, kind=ProductKind.REGISTRATION, fulfilment=Fulfilment.NONE, when_short=REFUSE
    )
    place_one([(mug, 1)], eager, terms=LATER)
    batch = [wanted([(seat, 1)], eager, terms=LATER), wanted([(seat, 1)], eager), wanted([(seat, 1)], eager)]

    results = place(merchant.id, batch)

    assert outcomes(results) == ["too_many_unpaid", "confirmed", "already_registered"]
    check_books(merchant.id)


def gathered(cart, lines, seen, actor):
    """A checkout as it would be gathered: the cart as it is now, and what its customer saw of it."""
    row = find.contents(cart.merchant_id, cart.id, actor).cart
    return replace(wanted(lines, actor), around=checkout.around(row, seen, actor))


def test_one_cart_that_became_worse_is_refused_and_the_others_are_orders(database):
    merchant = make_merchant()
    mug, bowl = make_product(merchant, on_hand=9), make_product(merchant, on_hand=9)
    people = [newcomer(name) for name in ("Ana", "Binod", "Chandra")]
    lines = [[(mug, 1)], [(bowl, 1)], [(mug, 2)]]
    carts = [make_cart(wish, actor) for wish, actor in zip(lines, people, strict=True)]
    seen = [saw(look_at(cart, actor)) for cart, actor in zip(carts, people, strict=True)]
    bowl.price += 1
    session().commit()

    results = place(merchant.id, list(map(gathered, carts, lines, seen, people)))

    assert outcomes(results) == ["confirmed", "cart_changed", "confirmed"]
    assert results[1].refusal.members["changes"][0]["what"] == "total"
    standing = [look_at(cart, actor).state for cart, actor in zip(carts, people, strict=True)]
    assert standing == [CartStanding.CHECKED_OUT, CartStanding.OPEN, CartStanding.CHECKED_OUT]
    assert (balances(mug), balances(bowl)) == ((9, 3, 0), (9, 0, 0))
    check_books(merchant.id)


def test_one_cart_that_changed_meanwhile_is_refused_before_its_neighbours_are_decided(database):
    mug, ana, binod = make_product(on_hand=2, when_short=REFUSE), newcomer("Ana"), newcomer("Binod")
    first, second = make_cart([(mug, 2)], ana), make_cart([(mug, 2)], binod)
    batch = [gathered(first, [(mug, 2)], None, ana), gathered(second, [(mug, 2)], None, binod)]
    put(first, mug, 1, ana)

    results = place(mug.merchant_id, batch)

    assert isinstance(results[0].refusal, CartChanged)
    assert outcomes(results) == ["cart_changed", "confirmed"]
    check_books(mug.merchant_id)


def test_a_cart_that_is_checked_out_twice_in_a_batch_is_one_order(database):
    mug, ana = make_product(on_hand=9), newcomer("Ana")
    cart = make_cart([(mug, 2)], ana)
    twice = [gathered(cart, [(mug, 2)], None, ana) for _ in range(2)]

    results = place(mug.merchant_id, twice)

    assert outcomes(results) == ["confirmed", "became_an_order"]
    assert look_at(cart, ana).cart.order_id == results[0].view.order.id
    assert balances(mug) == (9, 2, 0)
    check_books(mug.merchant_id)


def test_carts_are_locked_by_their_ids_and_finished_only_where_they_became_orders(database):
    mug = make_product(on_hand=2, when_short=REFUSE)
    begun, finished = [], []
    sources = sorted(new_id() for _ in range(3))

    def around(source):
        return Around(source, lambda: begun.append(source), lambda _: None, lambda _: finished.append(source))

    arriving = [sources[2], sources[0], sources[1]]
    place(mug.merchant_id, [wanted([(mug, 1)], around=around(source)) for source in arriving])

    assert begun == sources
    assert finished == [sources[2], sources[0]]


@pytest.mark.parametrize("orders", [3, 12])
def test_a_batch_costs_the_same_statements_however_long_and_whoever_is_refused(database, orders):
    merchant, eager = make_merchant(unpaid_orders_cap=1), make_actor(Role.CUSTOMER)
    mug = make_product(merchant, on_hand=99, when_short=REFUSE)
    place_one([(mug, 1)], eager, terms=LATER)
    batch = [wanted([(mug, 1)], terms=LATER) for _ in range(orders)]
    batch[1] = wanted([(mug, 1)], eager, terms=LATER)
    batch[2] = wanted([(mug, 1000)])

    statements = statements_of(lambda: place(merchant.id, batch))

    assert len(statements) == 4  # the locked read, the customers' lock, their count, the write


def test_who_counts_only_once_another_is_left_out_is_counted_in_his_turn(database):
    merchant = make_merchant(unpaid_orders_cap=1)
    eager, second = make_actor(Role.CUSTOMER), make_actor(Role.CUSTOMER)
    mug, other = make_product(merchant, on_hand=2, when_short=REFUSE), make_product(merchant, on_hand=9)
    for actor in (eager, second):
        place_one([(other, 1)], actor, terms=LATER)

    results = place(
        merchant.id,
        [wanted([(mug, 2)], eager, terms=LATER), wanted([(mug, 2)], second, terms=LATER), wanted([(mug, 2)])],
    )

    assert outcomes(results) == ["too_many_unpaid", "too_many_unpaid", "confirmed"]
    check_books(merchant.id)


def test_who_was_locked_and_is_refused_in_the_end_leaves_no_row_behind(database):
    merchant, eager = make_merchant(unpaid_orders_cap=1), make_actor(Role.CUSTOMER)
    mug, other = make_product(merchant, on_hand=3, when_short=REFUSE), make_product(merchant, on_hand=9)
    place_one([(other, 1)], eager, terms=LATER)
    stranger = make_actor(Role.CUSTOMER)
    batch = [wanted([(mug, 2)], eager, terms=LATER), wanted([(mug, 3)]), wanted([(mug, 1)], stranger, terms=LATER)]

    results = place(merchant.id, batch)

    assert outcomes(results) == ["too_many_unpaid", "confirmed", "insufficient_stock"]
    assert session().get(Customer, (merchant.id, stranger.person_id)) is None
    check_books(merchant.id)


def test_a_reference_that_was_used_refuses_its_order_alone(database):
    merchant, seller = make_merchant(), make_actor(Role.CLERK)
    mug = make_product(merchant, on_hand=9, when_short=REFUSE)
    place_one([(mug, 1)], seller, terms=Terms.PREPAID, reference="cash-1")
    paid = [wanted([(mug, 1)], seller, terms=Terms.PREPAID, reference=f"cash-{number}") for number in (2, 1, 3)]

    results = place(merchant.id, paid)

    assert outcomes(results) == ["confirmed", "reference_used", "confirmed"]
    assert balances(mug) == (9, 3, 0)
    check_books(merchant.id)


def test_a_batch_in_which_all_are_refused_changes_nothing(database):
    merchant, eager = make_merchant(unpaid_orders_cap=1), make_actor(Role.CUSTOMER)
    mug = make_product(merchant, on_hand=1, when_short=REFUSE)
    order = place_one([(mug, 1)], eager, terms=LATER)
    before = everything(merchant.id)

    results = place(merchant.id, [wanted([(mug, 1)]), wanted([(mug, 1)], eager, terms=LATER)])

    assert outcomes(results) == ["insufficient_stock", "insufficient_stock"]
    assert everything(merchant.id) == before
    assert reread(order).seq == order.seq
