"""The settings of limits: their defaults, none where they are empty, and by name what is wrong."""

import pytest

from merchant_api.core.rates import Rates
from merchant_api.core.settings import BadSetting, load


def test_without_settings_the_limits_are_those_of_the_design_and_each_process_counts_for_itself():
    assert load({}).rates == Rates("60 per hour", "30 per minute", "120 per minute", "30 per hour", "memory://")


def test_an_empty_limit_is_none_and_several_are_taken_together():
    loaded = load({"ORDERBELL_LIMIT_PLACE": "", "ORDERBELL_LIMIT_CART": " 5/second; 100 per 2 hours "}).rates

    assert (loaded.place, loaded.cart) == ("", "5/second; 100 per 2 hours")


@pytest.mark.parametrize("name", ["REGISTER", "PLACE", "CART", "INVITE"])
@pytest.mark.parametrize(
    "text", ["30", "many", "30 per", "30 per fortnight", "-1 per hour", "0 per hour", "5/s;x", "1.5/s"]
)
def test_a_limit_that_says_nothing_refuses_to_start_by_its_name(name, text):
    with pytest.raises(BadSetting, match=f"ORDERBELL_LIMIT_{name} must"):
        load({f"ORDERBELL_LIMIT_{name}": text})


@pytest.mark.parametrize(
    "text", ["memory://", "redis://localhost", "rediss://u:p@h:6380/1", "redis+unix:///tmp/r.sock"]
)
def test_counts_lie_in_a_store_that_is_known(text):
    assert load({"ORDERBELL_LIMIT_STORE": text}).rates.store == text


@pytest.mark.parametrize(
    "text", ["", "memory", "redis", "redis://", "redis://h:x", "redis://h:99999", "mongodb://h", "h:6379"]
)
def test_a_store_that_is_none_refuses_to_start_by_its_name(text):
    with pytest.raises(BadSetting, match="ORDERBELL_LIMIT_STORE must"):
        load({"ORDERBELL_LIMIT_STORE": text})
