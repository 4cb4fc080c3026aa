"""What a shop's line asks of our stock: whatever it went through, the end is what it says last."""

from hypothesis import given
from hypothesis import strategies as st

from merchant_api.channels.sales.applied import AppliedLine, TakenPart
from merchant_api.channels.sales.plan import standing_of, wish
from merchant_api.channels.shop_orders import ShopLine
from merchant_api.core.ids import new_id

LINES = st.builds(
    lambda quantity, taken, cancelled: ShopLine("1", None, None, "Mug", quantity, taken, cancelled),
    *(st.integers(0, 5) for _ in range(3)),
)


class Shelf:
    """Stock and the applied line, moved as a wish says, in one step or with each kind of step by itself."""

    def __init__(self) -> None:
        self.out, self.line = 0, AppliedLine(new_id(), None)

    def follow(self, line: ShopLine) -> None:
        for _ in range(10):
            asked = wish(line, self.line)
            if asked.is_nothing:
                return
            if asked.leaves:
                self._leave(asked)
            elif asked.found_restocked or asked.found_sold:
                self.out -= asked.found_restocked + asked.found_sold
                self.line.taken -= asked.found_restocked + asked.found_sold
            else:
                self.out += asked.takes
                self.line.taken += asked.takes
                self.line.parts.append(TakenPart(new_id(), 0, asked.takes, asked.takes))
        raise AssertionError("it does not end")

    def _leave(self, asked) -> None:
        left = asked.leaves
        for part in reversed(self.line.parts):
            units = min(part.units, left)
            part.units, left = part.units - units, left - units
        self.out -= asked.restocked
        self.line.taken -= asked.restocked


@given(st.lists(LINES, min_size=1, max_size=6))
def test_our_stock_lacks_what_the_shop_has_taken_and_orders_hold_what_is_to_be_delivered(life):
    shelf = Shelf()

    for line in life:
        shelf.follow(line)

    assert (shelf.line.taken, shelf.line.stands) == standing_of(life[-1])
    assert shelf.out == shelf.line.taken


@given(LINES)
def test_what_was_followed_asks_nothing_any_more(line):
    shelf = Shelf()
    shelf.follow(line)

    assert wish(line, shelf.line).is_nothing
