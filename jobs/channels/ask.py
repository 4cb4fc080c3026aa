"""One question to a channel's shop, outside of every transaction; whatever it answers is an answer or a ShopFault."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from merchant_api.channels import dial
from merchant_api.channels.connector import WebShop
from merchant_api.channels.faults import ShopDenies
from merchant_api.channels.models import Channel
from merchant_api.channels.open import open_shop
from merchant_api.core import clock
from merchant_api.core.db import in_transaction
from merchant_api.core.seal import Unsealable
from merchant_api.core.tenancy import of

T = TypeVar("T")


def ask(channel: Channel, question: Callable[[WebShop], T]) -> tuple[datetime, T]:
    """What the shop answers, and the instant before it was asked. Each question has a pass of its own."""
    try:
        shop = in_transaction(partial(open_shop, channel), of(channel.merchant_id))
    except Unsealable as error:
        raise ShopDenies("The credentials can't be opened here any more: enter them again.") from error
    asked_at = clock.now()
    return asked_at, dial.asked(lambda: question(shop))
