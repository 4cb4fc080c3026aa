"""What an idempotency key belongs to, pure: the resource that a call is about, and what the call says.

Both are read from what was parsed. How a call spells an id in its path, or sorts its fields and arguments, makes no
other call of it (DESIGN.md 6).
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_ARGUMENT = re.compile(r"<(?:[^<>:]+:)?([^<>:]+)>")


def scope_of(method: str, rule: str, ids: Mapping[str, Any]) -> str:
    """The method and the resource: the path of the route, with the ids as they were parsed."""
    return f"{method} {_ARGUMENT.sub(lambda found: str(ids[found.group(1)]), rule)}"


@dataclass(frozen=True, slots=True)
class Given:
    """What a call says: its body, parsed or as bytes, and the arguments of its query where it takes any."""

    body: Any
    query: Mapping[str, str] = field(default_factory=dict)

    def fingerprint(self) -> bytes:
        """The same digest for the same JSON and the same arguments."""
        said = self.body if isinstance(self.body, bytes) else _canonical(self.body)
        asked = b"\n?" + _canonical(self.query) if self.query else b""
        return hashlib.sha256(said + asked).digest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
