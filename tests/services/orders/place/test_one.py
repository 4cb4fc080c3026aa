"""One order by one verb: placed and rendered, refused by its refusal, or answered as its key was before."""

import pytest

from merchant_api.catalog.models import WhenShort
from merchant_api.core.answer import Answer
from merchant_api.core.errors import NotFound
from merchant_api.core.ids import new_id
from merchant_api.core.replay import Claim
from merchant_api.orders.place.call import LineAsked, OrderAsked
from merchant_api.orders.place.one import answered, place_one
from merchant_api.orders.place.placement import Around, Placed, Replayed
from merchant_api.orders.states import OriginKind
from merchant_api.stock.errors import InsufficientStock, NoSuchPlace
from tests.make.carts import newcomer
from tests.make.snapshot import everything
from tests.make.stock import balances, make_product


@pytest.fixture
def ana(database):
    return newcomer("Ana")


def code_of(shown):
    return Answer(201, shown.order.code.encode())


def asked(product, quantity=1, **line):
    return OrderAsked([LineAsked(product.id, quantity, **line)])


def key(product, actor):
    return Claim(product.merchant_id, f"customer:{actor.id}", "POST /orders", "k-1", b"print")


def test_an_order_is_placed_and_answered_as_it_was_rendered(ana):
    mug = make_product(on_hand=5)

    result = place_one(mug.merchant_id, asked(mug, 2), ana, None, code_of)

    assert isinstance(result, Placed)
    assert result.view.order.origin.kind is OriginKind.API
    answer = answered(result)
    assert (answer.answer, answer.is_replayed) == (code_of(result.view), False)
    assert balances(mug) == (5, 2, 0)


def test_a_refusal_is_raised_and_nothing_is_changed(ana):
    mask = make_product(on_hand=1, when_short=WhenShort.REFUSE)
    before = everything(mask.merchant_id)

    with pytest.raises(InsufficientStock):
        place_one(mask.merchant_id, asked(mask, 2), ana, None, code_of)

    assert everything(mask.merchant_id) == before


@pytest.mark.parametrize("again", [{}, {"location": "a place that is gone"}])
def test_a_key_that_was_used_gives_its_answer_whatever_is_gone_by_now(ana, again):
    mask = make_product(on_hand=1, when_short=WhenShort.REFUSE)
    first = place_one(mask.merchant_id, asked(mask), ana, key(mask, ana), code_of)

    second = place_one(mask.merchant_id, asked(mask, **again), ana, key(mask, ana), code_of)

    assert isinstance(second, Replayed)
    assert (answered(second).answer, answered(second).is_replayed) == (first.answer, True)


def test_without_a_key_a_place_that_is_gone_is_refused(ana):
    mug = make_product(on_hand=1)

    with pytest.raises(NoSuchPlace):
        place_one(mug.merchant_id, asked(mug, location="a place that is gone"), ana, None, code_of)


def test_what_goes_around_it_happens_in_its_transaction(ana):
    mug, seen = make_product(on_hand=5), []

    def refuse():
        raise NotFound

    def nothing(shown):
        pass

    place_one(mug.merchant_id, asked(mug), ana, None, code_of, Around(new_id(), lambda: None, nothing, seen.append))
    with pytest.raises(NotFound):
        place_one(mug.merchant_id, asked(mug), ana, None, code_of, Around(new_id(), refuse, nothing, seen.append))

    assert len(seen) == 1
    assert balances(mug) == (5, 1, 0)
