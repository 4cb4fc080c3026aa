"""Deadlines, pure: how long a merchant's windows are, and which instants follow from them (DESIGN.md 2).

An order keeps instants, never windows: a merchant who changes a window changes nothing of what stands already.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Windows:
    """A merchant's windows, in seconds: to answer, to pay, to look for late money, to cancel by oneself."""

    respond_s: int
    pay_s: int
    grace_s: int
    cancel_s: int


def respond_by(windows: Windows, at: datetime) -> datetime:
    """Until when a request is answered that was placed at this instant."""
    return _after(at, windows.respond_s)


def pay_by(windows: Windows, at: datetime) -> datetime:
    """Until when an order is paid that awaits its money from this instant on."""
    return _after(at, windows.pay_s)


def sweep_at(windows: Windows, pay_by: datetime) -> datetime:
    """When an unpaid order ends: its deadline, and the grace in which money that was in time may still be told."""
    return _after(pay_by, windows.grace_s)


def cancel_by(windows: Windows, at: datetime) -> datetime:
    """Until when a customer cancels by himself what was confirmed at this instant."""
    return _after(at, windows.cancel_s)


def cancel_respond_by(windows: Windows, at: datetime) -> datetime:
    """Until when a wish to cancel is answered that was uttered at this instant: as long as a request."""
    return _after(at, windows.respond_s)


def _after(at: datetime, seconds: int) -> datetime:
    return at + timedelta(seconds=seconds)
