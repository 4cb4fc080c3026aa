"""What all kinds of signed requests share: how old they may be, and that they hold a JSON object."""

from datetime import datetime
from typing import Any

from merchant_api.core import body
from merchant_api.core.endpoint import Incoming
from merchant_api.core.errors import Invalid, WrongMedia
from merchant_api.providers.errors import BadSignature
from merchant_api.providers.provider import TOLERANCE_S


def check_age(seconds: str, now: datetime) -> None:
    """Refuse what was signed more than five minutes ago, or ahead; `seconds` since 1970, as it was signed."""
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 12):
        raise BadSignature
    if abs(now.timestamp() - int(seconds)) > TOLERANCE_S:
        raise BadSignature


def text_of(incoming: Incoming) -> str:
    """The bytes as text, as signatures take them; BadSignature for what is none."""
    try:
        return incoming.body.decode()
    except UnicodeDecodeError as error:
        raise BadSignature from error


def object_of(incoming: Incoming) -> dict[str, Any]:
    """The JSON object of a request that is known to be signed; raises WrongMedia, Malformed or Invalid."""
    if incoming.mimetype != "application/json":
        raise WrongMedia
    value = body.parse(incoming.body)
    if not isinstance(value, dict):
        raise Invalid("The body must be a JSON object.", errors={})
    return value
