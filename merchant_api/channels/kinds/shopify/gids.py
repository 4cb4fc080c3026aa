"""Ids of Shopify: in answers "gid://shopify/Order/1", in the bodies of events the number alone.

Orders are known to us by the number, which fits into a path; items and locations by the whole id.
"""

import re

_GID = re.compile(r"gid://shopify/(\w+)/(\d+)(\?.*)?")


def gid(kind: str, number: object) -> str | None:
    """The id of a thing of this kind by its number, or by its id; None for what is neither."""
    text = str(number)
    if text.isascii() and text.isdigit():
        return f"gid://shopify/{kind}/{text}"
    found = _GID.fullmatch(text)
    return text if found and found[1] == kind else None


def number(of: str) -> str:
    """The number in an id; ValueError for what is none."""
    found = _GID.fullmatch(of)
    if not found:
        raise ValueError("an id that Shopify gives to nothing")
    return found[2]
