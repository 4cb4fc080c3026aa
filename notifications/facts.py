"""What an event's payload says, as words and figures in one language: money, times, goods and reasons.

Payload v1 is read tolerantly: what is missing or of another shape is not said. Texts of people lose line breaks,
control characters and the marks that turn writing round, so that nobody forges a sentence of ours.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notifications.money import worded
from notifications.wall_clock import WallClock

LINES_SHOWN = 2
_NAME_LENGTH = 40
_NOTE_LENGTH = 200
_TURNS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Language:
    """One language's name and texts, and the zone its times are told in."""

    name: str
    texts: Mapping[str, Any]
    time_zone: str

    @property
    def clock(self) -> WallClock:
        """The clock that its times are read from."""
        return WallClock(self.time_zone, self.name, self.texts["formats"])


@dataclass(frozen=True)
class Facts:
    """One payload, to be told in one language."""

    payload: Mapping[str, object]
    language: Language

    def spoken(self, audience: str) -> dict[str, str]:
        """Everything that a sentence may name, without what is not known or does not apply."""
        found = {
            "code": self._text("code", _NAME_LENGTH),
            "merchant_name": self._text("merchant_name", _NAME_LENGTH) or self._phrase("merchant", True),
            "channel_name": self._text("channel_name", _NAME_LENGTH),
            "sku": self._text("sku", _NAME_LENGTH),
            "ours": self._number("ours"),
            "theirs": self._number("theirs"),
            "note": self._text("note", _NOTE_LENGTH),
            "lines": self._lines(),
            "total": self._money(self.payload.get("total")),
            "amount": self._money(self._of_payment("amount")),
            "received": self._money(self._of_payment("amount") or self.payload.get("total")),
            "left_to_pay": self._owed("left_to_pay", self.payload.get("total")),
            "offer": self._word("offers", self._of_payment("offer"), "give_back"),
            "respond_by": self._time("respond_by", audience),
            "pay_by": self._time("pay_by", audience),
            "cancel_respond_by": self._time("cancel_respond_by", audience),
            "dispute_answer_by": self._time("dispute_answer_by", audience),
            "refund_owed": self._owed("refund_owed"),
            "refundable": self._sum(self._of_payment("refundable")),
            "ready_at": self._time("ready_at", audience),
            "decline_reason": self._word("decline_reasons", self.payload.get("reason"), "other"),
            "cancel_reason": self._word("cancel_reasons", self.payload.get("reason"), None),
            "refund": self._phrase(f"refund_{audience}", self.payload.get("refund_due") is True),
            "confirmed": self._phrase("confirmed", self.payload.get("state") == "confirmed"),
        }
        return {name: said for name, said in found.items() if said}

    def _text(self, key: str, longest: int) -> str | None:
        value = self.payload.get(key)
        return plain(value, longest) if isinstance(value, str) else None

    def _number(self, key: str) -> str | None:
        value = self.payload.get(key)
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else None

    def _phrase(self, name: str, applies: bool) -> str | None:
        return str(self.language.texts["phrases"][name]) if applies else None

    def _word(self, table: str, key: object, otherwise: str | None) -> str | None:
        words: Mapping[str, str] = self.language.texts[table]
        return words.get(key if isinstance(key, str) else "") or words.get(otherwise or "")

    def _owed(self, key: str, otherwise: object = None) -> str | None:
        """A sum that somebody owes, nothing where it is 0; `otherwise` where the payload is of before it was said."""
        return self._sum(self.payload.get(key, otherwise))

    def _sum(self, money: object) -> str | None:
        return self._money(money) if isinstance(money, Mapping) and money.get("amount") else None

    def _of_payment(self, key: str) -> object:
        payment = self.payload.get("payment")
        return (payment if isinstance(payment, Mapping) else self.payload).get(key)

    def _money(self, money: object) -> str | None:
        return worded(money, self.language.texts["formats"]["money"], self.language.name)

    def _instant(self, key: str) -> datetime | None:
        value = self.payload.get(key)
        try:
            instant = datetime.fromisoformat(value) if isinstance(value, str) else None
            return self.language.clock.shows(instant) if instant is not None and instant.tzinfo else None
        except (ValueError, OverflowError):
            return None

    def _time(self, key: str, audience: str) -> str | None:
        """The time with its place; for members, who know what day it is there, the day only if it is another one."""
        instant, placed = self._instant(key), self._instant("placed_at")
        if instant is None:
            return None
        is_their_day = audience == "merchant" and placed is not None and placed.date() == instant.date()
        clock = self.language.clock
        return clock.time(instant) if is_their_day else clock.day_and_time(instant)

    def _lines(self) -> str | None:
        lines = self.payload.get("lines")
        named = [_line(line) for line in lines if isinstance(line, Mapping)] if isinstance(lines, list | tuple) else []
        phrases: Mapping[str, str] = self.language.texts["phrases"]
        shown = ", ".join(phrases["line"].format_map(line) for line in named[:LINES_SHOWN])
        if len(named) <= LINES_SHOWN:
            return shown or None
        return phrases["more"].format_map({"shown": shown, "count": len(named) - LINES_SHOWN})


def plain(text: str, longest: int) -> str:
    """One line without control and turning characters, in at most `longest` code points."""
    valid = text.encode("utf-8", "replace").decode()
    kept = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in valid)
    line = " ".join("".join(char for char in kept if char not in _TURNS).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _line(line: Mapping[str, object]) -> dict[str, str]:
    name = plain(str(line.get("name") or line.get("sku") or "?"), _NAME_LENGTH)
    return {"quantity": str(line.get("quantity", "?")), "name": name}
