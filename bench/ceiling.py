"""The ceiling: pgbench executes the statements that our own server was seen executing for one order.

The text of each statement stays as it was; its parameters become expressions, in which what must differ from order to
order (ids, code, key, product, customer, the balances under the lock) is put together from pgbench's own variables.
All of it travels as parameters, as it does from us. pgbench takes every `:name`, also inside quotes, for a variable,
so the constant pieces are variables themselves, handed over on its command line.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bench import world
from bench.capture import Statement

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_PLACEHOLDER = re.compile(r"\$(\d+)")
_HOLE = re.compile("\x01([a-z_]+)\x01")
_PLACED_BEFORE = "00000000-"  # ids of the world begin so; all others were made for the order
_QUOTED_HOLE = re.compile(r'"\\u0001([a-z_]+)\\u0001"')
BALANCES = ("on_hand", "held", "used", "seq")
CODES = 1_000_000_000
SEED = 1  # of the permutation: another one in the next run would give some codes twice
RUN = 20_000_000  # transactions of one run, so that no two runs make the same ids
TAIL = "-7000-8000-00000000"


@dataclass(frozen=True, slots=True)
class Order:
    """What is known of the order whose statements were captured."""

    code: str
    key: str
    product: int
    customer: int


@dataclass(slots=True)
class Script:
    """A pgbench script and the variables that it is started with."""

    text: str = ""
    constants: dict[str, str] = field(default_factory=dict)

    def constant(self, value: str) -> str:
        """The name of a variable with this value."""
        for name, known in self.constants.items():
            if known == value:
                return name
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name


def script_of(statements: Sequence[Statement], order: Order, *, hot: bool = False) -> Script:
    """The script of one order, of a random product or always of the first."""
    script = Script()
    ids = _fresh_ids(statements)
    lines = [
        "\\set n :n + 1",
        "\\set id :first + :n * 16 + :client_id",
        f"\\set code permute(:id, {CODES}, {SEED}) + {CODES}",
        f"\\set product {world.FIRST} + " + ("1" if hot else f"random(1, {world.PRODUCTS})"),
        f"\\set customer {world.FIRST} + random(1, {world.CUSTOMERS})",
    ]
    for statement in statements:
        lines += _lines(statement, script, order, ids)
    script.text = "\n".join(lines) + "\n"
    return script


def _lines(statement: Statement, script: Script, order: Order, ids: Mapping[str, str]) -> list[str]:
    def expression(found: re.Match[str]) -> str:
        return _expression(statement.parameters[int(found[1]) - 1], script, order, ids)

    text = _PLACEHOLDER.sub(expression, statement.text.strip().rstrip(";"))
    if text.startswith("BEGIN"):
        return ["BEGIN;"]  # whose rows they are is told to our role in the same message; the ceiling asks as the owner
    if "FOR NO KEY UPDATE" not in statement.text:
        return [f"{text};"]
    after = [f"\\set after_{name} :r_{name} + {1 if name in ('held', 'seq') else 0}" for name in BALANCES]
    return [text, "\\gset r_", *after]


def _expression(value: str | None, script: Script, order: Order, ids: Mapping[str, str]) -> str:
    if value is None:
        return "NULL"
    if value == _token_hash(order.customer):
        return f"sha256(convert_to({_joined([script.constant(world.TOKEN), 'customer'])}, 'UTF8'))"
    pieces = _HOLE.split(_with_holes(value, order, ids))
    if len(pieces) == 1:
        return f":{script.constant(value)}"
    named = [piece if number % 2 else script.constant(piece) for number, piece in enumerate(pieces) if piece]
    return _joined(named)


def _joined(names: Sequence[str]) -> str:
    return f"concat({', '.join(f'CAST(:{name} AS text)' for name in names)})"


def _with_holes(value: str, order: Order, ids: Mapping[str, str]) -> str:
    """The value with holes, `\\x01name\\x01`, for what differs from order to order."""
    value = _with_balances(value)
    for found, tail in ids.items():
        value = value.replace(found, f"\x01id\x01{tail}")
    for known, name in (
        (world.product_id(order.product), "product"),
        (world.customer_id(order.customer), "customer"),
    ):
        value = value.replace(known, known[:-12] + f"\x01{name}\x01")
    value = value.replace(f'"{order.code}"', '"\x01code\x01"')
    return value.replace(order.key, "\x01id\x01")


def _with_balances(value: str) -> str:
    if not value.startswith("[") or '"on_hand"' not in value:
        return value
    rows = json.loads(value)
    for row in rows:
        row |= {name: f"\x01after_{name}\x01" for name in BALANCES}
        if "read_seq" in row:
            row["read_seq"] = "\x01r_seq\x01"
    text = json.dumps(rows, ensure_ascii=False)
    return _QUOTED_HOLE.sub("\x01\\1\x01", text)


def _fresh_ids(statements: Sequence[Statement]) -> dict[str, str]:
    """The ids that were made for the order, each with the tail of what replaces it."""
    values = [value for statement in statements for value in statement.parameters if value]
    found = dict.fromkeys(text for value in values for text in _UUID.findall(value))
    fresh = [text for text in found if not text.startswith(_PLACED_BEFORE)]
    return {text: f"{TAIL}{number:04d}" for number, text in enumerate(fresh, start=1)}


def _token_hash(customer: int) -> str:
    return "\\x" + hashlib.sha256(world.token_of(customer).encode()).hexdigest()
