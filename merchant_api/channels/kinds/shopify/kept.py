"""What a process keeps of shops for a while, so that not every pass asks for it anew: tokens, and the only location."""

import time

_kept: dict[str, tuple[str, float]] = {}


def get(name: str) -> str | None:
    """What was kept under a name, while it holds."""
    text, ends_at = _kept.get(name, ("", 0.0))
    return text if time.monotonic() < ends_at else None


def keep(name: str, text: str, for_s: float) -> str:
    """Keep a text for some seconds."""
    _kept[name] = text, time.monotonic() + for_s
    return text


def drop(name: str) -> bool:
    """Forget it; whether there was something."""
    return _kept.pop(name, None) is not None


def drop_all() -> None:
    """Forget everything."""
    _kept.clear()
