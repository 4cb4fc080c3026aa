"""The story of the demo, over real HTTP against the running API: every way that an order can go, step by step.

The rule: a step that does not happen ends the story and is named; the merchant's windows are put back, and the stock
is set anew each time.
"""

import secrets
from collections.abc import Callable

from merchant_api.accounts.password_rules import LONGEST
from merchant_api.core.settings import Settings
from merchant_api.demo import data
from merchant_api.demo.caller import Caller, CallRefused, StepFailed
from merchant_api.demo.stage import Stage
from merchant_api.server.installation import kept_secret

CALM, SHORT = 120, 2  # seconds to answer or pay: enough to see it, and enough to miss it


def password_of(settings: Settings) -> str:
    """The password of the demo people: the given one, or a random one kept in the data folder."""
    return settings.demo_password or kept_secret(settings.data / "demo.password", made=secrets.token_urlsafe(9))


def play(url: str, password: str, say: Callable[[str], None]) -> None:
    """Play every scene. Refused: StepFailed, naming the scene."""
    stage = Stage(
        owner=Caller(url, "Binod (owner)").sign_in(data.OWNER, password),
        customer=Caller(url, "Chandra").sign_in(data.CUSTOMER, password),
        rivals=[_rival(url, name, password) for name in ("Asha", "Dil", "Ram")],
        say=say,
    )
    windows = stage.set_up()
    try:
        for number, scene in enumerate(SCENES, 1):
            title = (scene.__doc__ or "").splitlines()[0]
            say(f"\n{number}. {title}")
            stage.windows(respond_window_s=CALM, pay_window_s=CALM, pay_grace_s=0)
            try:
                scene(stage)
            except StepFailed as failed:
                raise StepFailed(f"scene {number} ({title.rstrip('.')}): {failed}") from failed
    finally:
        stage.windows(**windows)


def _rival(url: str, name: str, password: str) -> Caller:
    """One who registers as everybody does: the word of the demo alone may be too easy to guess for that."""
    word = f"one unit, three buyers: {password}"[:LONGEST]
    return Caller(url, name).sign_up_or_in(f"{name.lower()}.rival@demo.example", word)


def instant(stage: Stage) -> None:
    """A product with stock is confirmed at once, and the courier is asked."""
    stage.stock("MUG-01", 25)
    order = stage.order("MUG-01", 2, "confirmed")
    left = stage.product("MUG-01")["stock"]["available"]
    if left != 23:
        raise StepFailed(f"{left} mugs are available, where 23 should be")
    stage.say(f"   what others can order fell at once: {left} are left")
    stage.hears(stage.customer, order, "order.confirmed")
    stage.hears(stage.owner, order, "order.confirmed")
    stage.hears(stage.owner, order, "order.pickup_requested")
    stage.waits(order, "is settled: its units are taken out of stock", lambda now: now["lines"][0]["settled"] == 2)
    stage.step(order, "pickup", "picked_up")
    stage.step(order, "deliver", "delivered")
    stage.hears(stage.customer, order, "order.delivered")


def on_request(stage: Stage) -> None:
    """A product without stock rings the merchant's phone; accepted, paid, picked up, delivered."""
    stage.stock("SINGING-BOWL-03", 0)
    order = stage.order("SINGING-BOWL-03", 3, "requested")
    stage.hears(stage.owner, order, "order.requested")
    stage.rings(order, "order.requested")
    stage.step(order, "accept", "awaiting_payment", {"note": "Ready by tomorrow noon"})
    stage.hears(stage.customer, order, "order.accepted")
    stage.pay(order)
    stage.hears(stage.customer, order, "order.paid")
    stage.hears(stage.owner, order, "order.pickup_requested")
    stage.step(order, "pickup", "picked_up")
    stage.step(order, "deliver", "delivered")


def declined(stage: Stage) -> None:
    """A request is declined, with the reason."""
    order = stage.order("SINGING-BOWL-03", 1, "requested")
    stage.rings(order, "order.requested")
    stage.step(order, "decline", "declined", {"reason": "too_busy", "note": "Festival week"})
    stage.hears(stage.customer, order, "order.declined")


def unanswered(stage: Stage) -> None:
    """Nobody answers: the request expires by itself, and that is not called a decline."""
    stage.windows(respond_window_s=SHORT)
    order = stage.order("SINGING-BOWL-03", 1, "requested")
    stage.waits(order, "expired", lambda now: now["state"] == "expired")
    stage.hears(stage.customer, order, "order.expired")
    stage.hears(stage.owner, order, "order.expired")


def unpaid(stage: Stage) -> None:
    """Accepted but not paid in time: cancelled, and the stock comes back."""
    stage.stock("SHAWL-02", 2)
    stage.windows(pay_window_s=SHORT)
    order = stage.order("SHAWL-02", 5, "requested")
    stage.step(order, "accept", "awaiting_payment", {})
    stage.hears(stage.customer, order, "order.accepted")
    stage.waits(order, "is cancelled, because nobody paid", lambda now: now["state"] == "cancelled")
    stage.hears(stage.customer, order, "order.cancelled")
    stage.hears(stage.owner, order, "order.cancelled")
    back = stage.product("SHAWL-02")["stock"]["available"]
    if back != 2:
        raise StepFailed(f"{back} shawls are available, where 2 should be again")
    stage.say(f"   the stock is back: {back} available")


def draft(stage: Stage) -> None:
    """A draft product takes no orders, whatever its stock."""
    try:
        stage.order("LAMP-07", 1, "refused")
    except CallRefused as refused:
        if refused.code != "unknown_product":
            raise
        stage.say(f"{stage.customer.name} orders a draft product: refused. {refused.problem['detail']}")
    else:
        raise StepFailed("a draft product was sold")


def last_one(stage: Stage) -> None:
    """Three buyers, one unit: one confirmation and two clear answers."""
    stage.stock("CARPET-10", 1)
    answers = stage.orders_at_once("CARPET-10")
    sold = [answer for answer in answers if isinstance(answer, dict) and answer["state"] == "confirmed"]
    clear = [answer for answer in answers if isinstance(answer, CallRefused) and answer.code == "insufficient_stock"]
    for buyer, answer in zip(stage.rivals, answers, strict=True):
        got = (
            f"refused: {answer.problem['detail']}"
            if isinstance(answer, CallRefused)
            else f"confirmed, {answer['code']}"
        )
        stage.say(f"{buyer.name} orders the last one: {got}")
    if len(sold) != 1 or len(clear) != len(stage.rivals) - 1:
        raise StepFailed(f"{len(sold)} were confirmed and {len(clear)} refused for want of stock")
    stage.step(sold[0], "cancel", "cancelled", {"reason": "The demo puts the carpet back"})
    stage.say(f"   the stock is back: {stage.product('CARPET-10')['stock']['available']} available")


SCENES = (instant, on_request, declined, unanswered, unpaid, draft, last_one)
