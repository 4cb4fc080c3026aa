"""Refusals: families by HTTP status. A feature's refusal is a small subclass with a docstring and a `code`.

The docstring's first line is the sentence for people, `code` the word for programs; keywords become members of the
problem+json body (RFC 9457).
"""

from typing import ClassVar


class Refusal(Exception):
    """The request can't be carried out."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Error"
    code: ClassVar[str] = "error"

    def __init__(self, detail: str | None = None, **members: object) -> None:
        self.detail = detail or (type(self).__doc__ or "").strip().splitlines()[0]
        self.members = members
        super().__init__(self.detail)


class Malformed(Refusal):
    """The request can't be parsed."""

    status, title, code = 400, "Bad request", "malformed"


class Unauthenticated(Refusal):
    """Sign in first: the access token or API key is missing, wrong or expired."""

    status, title, code = 401, "Not signed in", "unauthenticated"


class Forbidden(Refusal):
    """You may not do this here."""

    status, title, code = 403, "Forbidden", "forbidden"


class NotFound(Refusal):
    """There is no such thing here."""

    status, title, code = 404, "Not found", "not_found"


class Conflict(Refusal):
    """The request does not fit the present state."""

    status, title, code = 409, "Conflict", "conflict"


class TooLarge(Refusal):
    """The body is larger than is taken here."""

    status, title, code = 413, "Too large", "too_large"


class WrongMedia(Refusal):
    """Send the body as application/json."""

    status, title, code = 415, "Unsupported media type", "unsupported_media_type"


class Invalid(Refusal):
    """Some fields are not valid."""

    status, title, code = 422, "Not valid", "invalid"


class TooMany(Refusal):
    """Too many requests: wait before the next one."""

    status, title, code = 429, "Too many requests", "too_many_requests"


class Unavailable(Refusal):
    """The database does not answer just now: ask again shortly."""

    status, title, code = 503, "Unavailable", "unavailable"
