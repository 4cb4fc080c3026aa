"""Text that shops told us, pure: as it can be stored and shown, cut to what people read."""

MOST = 500


def readable(text: str, most: int = MOST) -> str:
    """The text without what no database or JSON takes (NUL, half of a surrogate pair), cut."""
    whole = text.encode(errors="replace").decode().replace("\0", "")
    return whole if len(whole) <= most else f"{whole[: most - 1]}…"


def readable_or_none(text: str | None, most: int = MOST) -> str | None:
    """The same, where nothing may have been told; a text of blanks is none."""
    return readable(text, most).strip() or None if text else None
