"""How levels are set and what came of it, where the moment matters more than a real Vendure would show."""

import pytest

from merchant_api.channels.shop_levels import (
    Acknowledged,
    ItemGone,
    ItemLater,
    ItemRef,
    ItemRefused,
    LevelWanted,
    Overtaken,
)
from tests.channels.vendure.stand_in import error, stock, variant, written

SQL = 'deadlock detected on relation "stock_level"'


def _wanted(*levels: int) -> list[LevelWanted]:
    return [LevelWanted(ItemRef(str(number)), level) for number, level in enumerate(levels, start=1)]


def test_a_sale_between_reading_and_setting_does_not_matter(shop):
    shop.queue += [stock(variant("1", 10, 2)), written(variant("1", 7, 3))]

    (outcome,) = shop.open().set_levels(_wanted(5))

    assert isinstance(outcome, Acknowledged)
    assert (outcome.level, outcome.stands) == (5, 7)


def test_units_sent_out_between_reading_and_setting_are_seen_and_it_is_done_again(shop):
    shop.queue += [stock(variant("1", 10, 2)), written(variant("1", 7, 0))]

    (outcome,) = shop.open().set_levels(_wanted(5))

    assert isinstance(outcome, Overtaken)


def test_an_answer_that_shows_another_figure_acknowledges_nothing(shop):
    shop.queue += [stock(variant("1", 10, 2)), written(variant("1", 9, 2))]

    (outcome,) = shop.open().set_levels(_wanted(5))

    assert isinstance(outcome, Overtaken)


def test_a_shop_that_takes_a_level_and_keeps_its_own_is_told(shop):
    shop.queue += [stock(variant("1", 10, 2)), written(variant("1", 10, 2))]

    (outcome,) = shop.open().set_levels(_wanted(5))

    assert isinstance(outcome, ItemRefused)
    assert outcome.is_ignored


def test_a_level_that_the_shop_has_already_is_not_written_again(shop):
    shop.queue += [stock(variant("1", 7, 2))]

    (outcome,) = shop.open().set_levels(_wanted(5))

    assert isinstance(outcome, Acknowledged)
    assert len(shop.asked) == 1


def test_zeros_go_first_and_share_no_call(shop):
    rows = [variant("1", 9), variant("2", 9), variant("3", 9)]
    shop.queue += [stock(*rows), written(variant("2", 0)), written(variant("1", 4), variant("3", 6))]

    shop.open().set_levels(_wanted(4, 0, 6))

    assert [[row["id"] for row in each["input"]] for each in shop.asked[1:]] == [["2"], ["1", "3"]]


@pytest.mark.parametrize(
    ("refusal", "outcome"),
    [
        (error("No ProductVariant with the id 2 could be found", "ENTITY_NOT_FOUND"), ItemGone),
        (error("this can't be", "USER_INPUT_ERROR"), ItemRefused),
        (error(SQL), ItemLater),
        (error(SQL, "INTERNAL_SERVER_ERROR"), ItemLater),
    ],
)
def test_a_row_that_refuses_the_whole_call_is_found_and_the_others_go_out(shop, refusal, outcome):
    rows = [variant("1", 9), variant("2", 9)]
    shop.queue += [stock(*rows), refusal, written(variant("1", 4)), refusal]

    good, bad = shop.open().set_levels(_wanted(4, 5))

    assert isinstance(good, Acknowledged)
    assert isinstance(bad, outcome)
    assert refusal["errors"][0]["message"] in bad.response.text.replace('\\"', '"')


def test_a_figure_that_the_shop_can_not_hold_is_refused_for_its_row_alone(shop):
    shop.queue += [stock(variant("1", 5, 10), variant("2", 5)), written(variant("2", 4))]

    refused, sent = shop.open().set_levels(_wanted(2**31 - 5, 4))

    assert isinstance(refused, ItemRefused)
    assert isinstance(sent, Acknowledged)
