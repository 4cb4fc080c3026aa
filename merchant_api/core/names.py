"""Names that people give to things, pure: how one is kept, and when two of them are one.

A name is kept in NFC with single blanks, as it was typed else. Two that differ by case, Unicode form or the width of
blanks alone are one name: to people, who read them, they look alike (Unicode 3.13, compatibility caseless matching;
characters that show nothing say nothing). Where a blank stands does tell: `A 11` is not `A1 1`.
"""

from unicodedata import category, normalize


def tidy(name: str) -> str:
    """The name as it is kept."""
    return " ".join(normalize("NFC", name).split())


def key(name: str) -> str:
    """What two names have in common that are one."""
    folded = normalize("NFKD", normalize("NFD", name).casefold()).casefold()
    seen = "".join(letter for letter in normalize("NFKC", folded) if category(letter) != "Cf")
    return " ".join(seen.split())
