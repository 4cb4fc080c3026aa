"""The primary channel: one at the most, changeable until its import was started."""

from tests.http.channels.rows import import_of


def primary(seller):
    return [each["name"] for each in seller.call("owner", "GET", "/channels").json["items"] if each["is_primary"]]


def test_another_channel_takes_the_place_of_the_primary_one(seller):
    seller.connect(name="one", is_primary=True)
    two = seller.connect(name="two", is_primary=True).json
    assert primary(seller) == ["two"]

    three = seller.connect(name="three").json
    assert seller.change(three, is_primary=True).json["is_primary"] is True

    assert primary(seller) == ["three"]
    assert seller.change(three, is_primary=False).json["is_primary"] is False
    assert seller.shown(two)["is_primary"] is False


def test_it_stays_once_its_import_was_started(seller):
    one = seller.connect(name="one", is_primary=True).json
    two = seller.connect(name="two").json
    import_of(seller, one)

    refusals = [seller.change(one, is_primary=False), seller.change(two, is_primary=True)]
    refusals.append(seller.connect(name="three", is_primary=True))

    for refused in refusals:
        assert (refused.status_code, refused.json["code"]) == (409, "primary_fixed")
        assert refused.json["channel_id"] == one["id"]
    assert primary(seller) == ["one"]
    assert len(seller.call("owner", "GET", "/channels").json["items"]) == 2


def test_one_that_has_ended_leaves_the_place_free(seller):
    one = seller.connect(name="one", is_primary=True).json
    import_of(seller, one)

    seller.call("owner", "DELETE", f"/channels/{one['id']}")

    assert seller.connect(name="two", is_primary=True).json["is_primary"] is True
