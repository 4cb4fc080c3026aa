"""A loop takes turns, is woken, heals, and ends; the timetable keeps every job."""

import threading

from jobs import loop, timetable
from jobs.channels import poll
from jobs.clock import Entry, Timekeeper
from jobs.loop import Loop
from jobs.run import Runner
from jobs.sending.lanes import Lanes
from jobs.sending.widths import IN_ALL, WIDTHS
from merchant_api.core import db, pulse


def test_a_loop_that_is_woken_does_not_wait_for_its_next_look(monkeypatch):
    monkeypatch.setattr(loop, "POLL_S", 30.0)
    wake, turns = threading.Event(), threading.Semaphore(0)
    tested = Loop("tests", lambda: bool(turns.release()), wake)
    tested.start()
    assert turns.acquire(timeout=5)

    wake.set()

    assert turns.acquire(timeout=5)
    tested.stop(5)
    assert not tested._thread.is_alive()


def test_a_loop_whose_turns_fail_goes_on_when_the_fault_is_over():
    results, done = iter([None, None, False]), threading.Event()

    def turn():
        result = next(results, False)
        if result is False:
            done.set()
        return result

    tested = Loop("tests", turn, threading.Event())
    tested.start()

    assert done.wait(5)
    tested.stop(1)


def test_the_clock_runs_its_entries_and_stops():
    ran = threading.Semaphore(0)
    clock = Timekeeper([Entry("tests", ran.release, every_s=0.05)])

    clock.start()
    assert ran.acquire(timeout=2)
    assert ran.acquire(timeout=2)
    clock.stop()


def test_every_job_of_the_timetable_runs_and_leaves_a_heartbeat(fresh):
    runner = Runner(fresh)

    for entry in timetable.entries(runner):
        assert entry.run() is not None

    names = {"expire_requests", "expire_payments", "settle_stock", "ask_pickup", "refuse_cancels", "rescue", "tidy"}
    names |= {"expire_carts", "match_payments", "carry_out_refunds", "move_stock"}
    names |= {"channel_polls", "channel_runs", "channel_looks"}
    assert {beat.job for beat in pulse.newest()} == names


def test_every_thread_of_a_job_process_finds_a_connection_however_few_threads_the_api_has(fresh):
    loops, spare = 4, 1  # fan-out and deliveries, what changed in stock and levels

    pool = db.engine_options("jobs", pool_size=1)["pool_size"]

    assert pool >= len(timetable.entries(Runner(fresh))) + loops + poll.AT_ONCE + spare
    assert db.engine_options("api", pool_size=1)["pool_size"] == 1


def test_a_full_lane_keeps_out_its_own_and_nobody_else():
    lanes = Lanes(WIDTHS, IN_ALL)
    slow = [("merchant", "slow"), ("medium", "fcm")]
    while lanes.enter(slow):
        pass

    assert lanes.total == WIDTHS["merchant"]
    assert lanes.enter([("merchant", "other"), ("medium", "fcm")])
    lanes.leave(slow)
    assert lanes.enter(slow)
    assert lanes.free == IN_ALL - WIDTHS["merchant"] - 1


def test_a_job_process_that_stands_still_lets_go_before_who_waits_for_it_gives_up():
    _, waits_for_a_lock_ms, _ = db.TIMEOUTS["api"]
    _, _, stands_still_ms = db.TIMEOUTS["jobs"]

    assert stands_still_ms < waits_for_a_lock_ms
    assert f"idle_in_transaction_session_timeout={stands_still_ms} " in str(db.engine_options("jobs", pool_size=1))
