"""Which passwords are taken: long enough for what the person may do, and not among the first that are guessed.

The lists of common passwords, words and names are zxcvbn's, and so is the estimate of how many guesses one takes. Its
time grows fast with length and with signs that may stand for letters, so it sees a password in pieces: one that is hard
to guess is enough.
"""

import re
import threading
from importlib import import_module
from typing import Any

from merchant_api.accounts.errors import PasswordTooShort, WeakPassword
from merchant_api.core.errors import Invalid

SHORTEST, LONGEST = 8, 200
SHORTEST_OF_MEMBERS = 10
ENOUGH_GUESSES = 10**6  # at ten guesses in a quarter of an hour: three years
PIECE, PIECES = 16, 4
MOST_SIGNS = 3  # with more kinds of them it is no word in disguise, but may be a row of keys, with shift
HINT = "Take several words, without your name or login."

_SIGNS = frozenset("@({[<!|$+%")
_WITHOUT_SHIFT = str.maketrans('!@#$%^&*()_+{}|:"<>?', "1234567890-=[]\\;',./")
_OURS = ("orderbell", "merchant")
_one_at_a_time = threading.Lock()  # the library keeps the words of a person in one place for all threads


def check(password: str, login: str, name: str = "", *, is_member: bool = False) -> None:
    """Refuse what is too short, too long or soon guessed; `is_member` is also of staff.

    Raises Invalid, PasswordTooShort, WeakPassword.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        said = f"A password has {SHORTEST} to {LONGEST} characters."
        raise Invalid(said, errors={"password": [said]})
    if is_member and is_short(password):
        raise PasswordTooShort(errors={"password": [PasswordTooShort().detail]})
    if _is_soon_guessed(password, login, name):
        raise WeakPassword(errors={"password": [f"{WeakPassword().detail} {HINT}"]})


def is_short(password: str) -> bool:
    """Whether it has too few characters for who works for a merchant or for the platform."""
    return len(password) < SHORTEST_OF_MEMBERS


def _is_soon_guessed(password: str, login: str, name: str) -> bool:
    told, words = password.casefold(), _words(login, name)
    if told in login.casefold() or told in words or len(set(told)) < 3:
        return True
    if _is_listed(told) or _is_listed(told.translate(_WITHOUT_SHIFT)):
        return True
    pieces = (told[start : start + PIECE] for start in range(0, min(len(told), PIECE * PIECES), PIECE))
    return not any(_is_hard(piece, words) for piece in pieces)


def _is_listed(text: str) -> bool:
    ranked = _library().matching.RANKED_DICTIONARIES  # with the words of whoever was looked at last, which are no list
    return any(text in ranked[name] for name in _library().frequency_lists.FREQUENCY_LISTS)


def _is_hard(piece: str, words: list[str]) -> bool:
    if len(_SIGNS.intersection(piece)) > MOST_SIGNS:
        piece = piece.translate(_WITHOUT_SHIFT)
    with _one_at_a_time:
        guesses: float = _library().zxcvbn(piece, user_inputs=words)["guesses"]
    return guesses >= ENOUGH_GUESSES


def _words(login: str, name: str) -> list[str]:
    parts = re.split(r"[\W_]+", f"{login} {name}".casefold())
    whole = [login.casefold(), re.sub(r"[\W_]+", "", name.casefold())]
    return [*whole, *_OURS, *(part for part in parts if len(part) > 2)]


def _library() -> Any:
    return import_module("zxcvbn")  # where it is needed first: its lists take 50 ms and 15 MB
