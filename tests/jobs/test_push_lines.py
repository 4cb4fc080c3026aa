"""What is looked at for a desk is one statement, however many lanes are full: making it costs more than asking it."""

from jobs.sending.lanes import Lanes
from jobs.sending.push import PushDesk
from jobs.sending.widths import IN_ALL, WIDTHS
from merchant_api.core.ids import new_id
from notifications.send import Senders


def test_full_lanes_change_what_a_statement_is_given_and_not_the_statement():
    desk, lanes = PushDesk(Senders(None, None), print), Lanes(WIDTHS, IN_ALL)
    empty = desk.rounds(lanes)
    device, tag = f"{new_id()}:phone", f"{new_id()}:phone:tag"
    for _ in range(WIDTHS["device"] - 1):
        lanes.enter([("device", device)])
    lanes.enter([("device", device), ("tag", tag)])

    full = desk.rounds(lanes)

    assert [(id(each.only), id(each.line)) for each in full] == [(id(each.only), id(each.line)) for each in empty]
    assert [":".join(parts) for parts in zip(full[0].given["device_0"], full[0].given["device_1"], strict=True)] == [
        device
    ]
    assert empty[0].given.keys() == full[0].given.keys()


def test_where_nothing_but_rings_finds_room_nothing_else_is_looked_at():
    desk, lanes = PushDesk(Senders(None, None), print), Lanes(WIDTHS, IN_ALL)
    before = desk.rounds(lanes)
    for _ in range(WIDTHS["tells"]):
        lanes.enter([("tells", "")])

    after = desk.rounds(lanes)

    assert len(after) == len(before)
    assert [len(each.only) for each in after] == [len(each.only) + 1 for each in before]
