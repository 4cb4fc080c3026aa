"""How the sources are written, as far as no linter sees it: sizes, names, clocks, commits, one writer per state."""

import ast
import re

import pytest

from tests.house.sources import PACKAGES, ROOT, Source, calls, sources

LONGEST_FILE = 300
LONG_FILE = 150
LONGEST_FUNCTION = 50
VAGUE = {"service", "util", "utils", "helper", "helpers", "manager", "handler", "common", "base", "misc"}
ELSEWHERE = ("tests", "migrations", "bench")

COMMITS = {"merchant_api/core/db.py", "merchant_api/core/migrate.py"}
OPENS_TRANSACTIONS = {
    "merchant_api/core/endpoint.py": "endpoint()",
    "jobs/sweep.py": "sweep",
    "jobs/sending/carrier.py": "a loop of the jobs: lease, commit, send, record",
    "jobs/sending/deliver.py": "addresses of what was leased, and the end of what cannot be sent",
    "jobs/sending/push_parcel.py": "a dead address, after its outcome was recorded",
    "jobs/telling/fan_out.py": "a loop of the jobs",
    "jobs/channels/send.py": "a loop of the jobs: lease, commit, send, record",
    "jobs/channels/runs.py": "a job that asks shops: lease, commit, ask, settle under the lease",
    "jobs/channels/look.py": "the same, again and again",
    "merchant_api/channels/once.py": "answers of calls that ask a shop or place its orders, under their keys",
    "merchant_api/channels/check.py": "the same: read, ask, record",
    "merchant_api/channels/match.py": "the same, of a page of its items",
    "jobs/carry_out_refunds.py": "a job that calls a provider: lease, commit, call, record",
    "jobs/run.py": "the heartbeat of a loop or job",
    "jobs/sending/senders.py": "the key for Web Push, made at the first start",
    "jobs/tidy.py": "a job over all merchants and people's own rows",
    "jobs/channels/poll.py": "a job that asks shops: lease, commit, ask, apply, record",
    "jobs/channels/poll_round.py": "the same, of one shop",
    "jobs/channels/kept_lease.py": "its lease, renewed",
    "jobs/channels/ask.py": "what a shop is asked with, before it is asked",
    "jobs/channels/apply_each.py": "an order that could not be applied, parked after its own transaction was undone",
    "merchant_api/channels/sales/apply.py": "a shop's order is settled and placed in turn, and placing opens its own",
    "merchant_api/channels/sales/report.py": "an order told by a call (`opens_own`): placed as above",
    "merchant_api/channels/sales/solve.py": "a parked order (`opens_own`): placed as above",
    "merchant_api/channels/sales/hear.py": "a shop's event (`opens_own`): its orders are placed as above",
    "merchant_api/orders/place/place.py": "placing opens its own (DESIGN.md 4.6)",
    "merchant_api/carts/checkout.py": "checking out (`opens_own`): the order that a cart has become, under its key",
    "merchant_api/accounts/enter.py": "signing in (`opens_own`): a refused attempt stays counted",
    "merchant_api/accounts/join.py": "joining (`opens_own`): a refused attempt stays counted",
    "merchant_api/accounts/change_me.py": "a change of password (`opens_own`): a wrong one stays counted",
    "merchant_api/accounts/first_use.py": "what was seen of a token, whatever comes of the request",
    "merchant_api/accounts/sign_in_routes.py": "refreshing (`opens_own`): a refused token ends its family",
    "merchant_api/commands/audit.py": "a command, where no request is",
    "merchant_api/commands/staff.py": "a command, where no request is",
    "merchant_api/commands/people.py": "a command, where no request is",
    "merchant_api/commands/keys.py": "a command, where no request is",
    "merchant_api/commands/counts.py": "a command, where no request is",
    "merchant_api/demo/data.py": "a command, where no request is",
}
READS_THE_TIME_OF_DAY = {
    "merchant_api/core/limiter.py": "a store of limits says by the clock of the machine when a call passes again",
    "merchant_api/core/clock.py": "the one reader",
    "jobs/clock.py": "APScheduler counts by this machine's clock",
    "merchant_api/server/serve.py": "the age of a folder, which the file system counts by this machine's clock",
}
COMPOSES_SQL = {
    "merchant_api/channels/levels/claim.py": "parts of one statement, all constants",
    "merchant_api/channels/mark.py": "parts of one statement, all constants",
    "merchant_api/channels/rules.py": "a step of one statement, all constants",
    "merchant_api/channels/shown.py": "parts of one statement, all constants",
    "merchant_api/core/embedded/supervisor.py": "CREATE DATABASE and ROLE take no parameter; the names are constants",
    "merchant_api/core/roles.py": "GRANT takes no parameter; tables from the catalog, and our own words",
    "merchant_api/core/rows.py": "the columns of our own tables",
    "merchant_api/core/due.py": "names of our own tables and indexes",
    "merchant_api/orders/buyers.py": "which orders prove a customer, in one word",
    "merchant_api/orders/move.py": "parts of one statement, all constants",
    "merchant_api/orders/place/ground.py": "a merchant's columns, from the one list of them",
    "merchant_api/orders/place/strangers.py": "which orders are open, in one word",
    "merchant_api/orders/place/write.py": "parts of one statement, all constants",
    "merchant_api/stock/ledger.py": "parts of one statement, all constants",
}
STATE_WRITERS = {
    "merchant_api/orders/move.py": "every move of an order, the first one too",
    "merchant_api/orders/payment.py": "a payment's first state",
    "merchant_api/orders/money/payment_moves.py": "every move of a payment",
    "merchant_api/orders/money/refund_moves.py": "every move of a refund",
    "merchant_api/orders/money/dispute.py": "every move of a dispute",
    "merchant_api/channels/sales/row.py": "what became of a shop's order",
    "merchant_api/channels/standing.py": "where a channel stands after it was asked by hand",
    "merchant_api/channels/end.py": "levels and runs of a channel that ends",
    "merchant_api/channels/forget_levels.py": "levels of what was held for the item before",
    "merchant_api/channels/runs/start.py": "a run's first state, and its stop",
    "merchant_api/channels/runs/push.py": "levels that a stopped push leaves out",
    "merchant_api/stock/holds.py": "every move of a hold",
    "merchant_api/stock/sessions/start.py": "a session's first state",
    "merchant_api/stock/sessions/promote.py": "every move of a session",
    "merchant_api/outbox/noted.py": "what was gathered is done",
    "merchant_api/outbox/claim.py": "what came of an event or a delivery",
    "merchant_api/outbox/finish.py": "what came of it, under the lease",
    "merchant_api/outbox/tried.py": "what came of tries of deliveries, under their leases",
    "merchant_api/outbox/record.py": "an event's first state",
    "merchant_api/channels/levels/stack.py": "what a person does with a record of the web stack",
    "jobs/telling/deliveries.py": "a delivery's first state",
    "merchant_api/providers/match.py": "every move of a provider's event",
    "merchant_api/providers/receive.py": "its first state",
    "merchant_api/alerts/rings.py": "deliveries of a request that is over",
}
WITH_A_LIFE = ("Order", "Hold", "Session", "Event", "Delivery", "Payment", "Refund", "PaymentEvent", "Dispute")
TABLES_WITH_A_LIFE = r"(orders|holds|sessions|events|deliveries|payments|refunds|payment_events|disputes)"


def test_no_file_is_longer_than_three_hundred_lines():
    files = [path for name in (*PACKAGES, *ELSEWHERE) for path in (ROOT / name).rglob("*.py")]
    sizes = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files}

    assert {path: lines for path, lines in sizes.items() if lines > LONGEST_FILE} == {}


def test_nine_files_in_ten_are_below_a_hundred_and_fifty_lines(record_property):
    sizes = sorted(len(source.text.splitlines()) for source in sources())
    of_ten_nine = sizes[len(sizes) * 9 // 10]
    record_property("lines that nine files in ten do not reach", of_ten_nine)

    assert of_ten_nine < LONG_FILE


def test_no_function_is_longer_than_fifty_lines():
    sizes = {
        f"{source.path}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {name: lines for name, lines in sizes.items() if lines > LONGEST_FUNCTION} == {}


def test_no_file_has_a_vague_name():
    assert [source.path for source in sources() if source.module.split(".")[-1] in VAGUE] == []


def test_every_module_says_what_it_is_for():
    assert [source.path for source in sources() if not ast.get_docstring(source.tree)] == []


def test_only_the_sweep_catches_everything():
    wrong = [
        f"{source.path}:{node.lineno}"
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ExceptHandler)
        if node.type is None or getattr(node.type, "id", "") == "Exception"
    ]

    assert [place for place in wrong if not place.startswith("jobs/sweep.py")] == []


def test_commits_are_in_one_place():
    wrong = {source.path: calls(source, "commit") for source in sources() if calls(source, "commit")}

    assert set(wrong) <= COMMITS, wrong


def test_transactions_are_opened_where_the_design_says():
    openers = {source.path for source in sources() if calls(source, "in_transaction")}

    assert openers <= set(OPENS_TRANSACTIONS)


@pytest.mark.parametrize("word", ["now", "current_timestamp", "clock_timestamp", "statement_timestamp"])
def test_no_statement_reads_the_clock(word: str):
    in_text = re.compile(rf"\b{word}\s*\(\s*\)|\bcurrent_timestamp\b", re.IGNORECASE)

    wrong = [
        source.path
        for source in sources("merchant_api", "jobs")
        if any(in_text.search(string) for string in source.strings()) or re.search(rf"\bfunc\.{word}\b", source.text)
    ]

    assert set(wrong) <= {"merchant_api/core/db.py"}  # measures the clock


def test_the_time_of_day_is_read_in_one_place():
    readers = re.compile(r"\b(datetime|date)\.(now|utcnow|today)\(|\btime\.time(_ns)?\(|\blocaltime\(|\bgmtime\(")

    wrong = [source.path for source in sources() if readers.search(source.text)]

    assert set(wrong) <= set(READS_THE_TIME_OF_DAY)


def test_statements_are_not_put_together_from_text():
    verb = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|DROP|TRUNCATE)\s")
    wrong = [
        source.path
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.JoinedStr)
        if any(isinstance(part, ast.Constant) and verb.search(str(part.value)) for part in node.values)
    ]

    assert set(wrong) <= set(COMPOSES_SQL)


def test_each_state_has_one_writer():
    writers = {source.path: _state_writes(source) for source in sources("merchant_api", "jobs")}

    assert {path: lines for path, lines in writers.items() if lines and path not in STATE_WRITERS} == {}


def test_history_of_an_order_is_told_by_who_moves_it():
    makes_row = re.compile(
        r"\.history\b\s*(\.(append|extend|insert)\(|\+=|=[^=])"
        r"|\bOrderHistory\(|insert\(OrderHistory\b"
    )

    writers = {source.path for source in sources("merchant_api", "jobs") if makes_row.search(source.text)}

    assert writers - {"merchant_api/orders/models.py"} == {"merchant_api/orders/move.py"}


def _state_writes(source: Source) -> list[int]:
    update = re.compile(rf"\bUPDATE\s+{TABLES_WITH_A_LIFE}\b.*?\bSET\b[^;]*?\bstate\s*=", re.IGNORECASE | re.DOTALL)
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets):
                found.append(node.lineno)
        elif isinstance(node, ast.Call) and any(given.arg == "state" for given in node.keywords):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("values", *WITH_A_LIFE):
                found.append(node.lineno)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and update.search(node.value):
            found.append(node.lineno)
    return found


def test_nothing_names_this_machine_or_where_its_packages_came_from():
    kinds = ("*.py", "*.toml", "*.md", "*.lock", "*.html", "*.js", "*.mako", "Makefile", "run")
    ours = [path for kind in kinds for path in ROOT.rglob(kind) if not _is_generated(path.relative_to(ROOT).parts)]
    told = re.compile(rf"{re.escape(str(ROOT))}\b|--(extra-)?index-url|--find-links|--trusted-host")
    assert len(ROOT.parts) > 2, "the root is too short a path to be looked for"

    wrong = [str(path.relative_to(ROOT)) for path in ours if path.is_file() and told.search(path.read_text())]

    assert set(wrong) <= {"tests/house/test_sources.py"}


def _is_generated(parts: tuple[str, ...]) -> bool:
    return any(part.startswith(".") and part != ".ci" for part in parts) or "__pycache__" in parts
