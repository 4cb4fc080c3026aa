"""Every error as application/problem+json (RFC 9457): one renderer for refusals, HTTP errors and surprises."""

import json
from typing import Any

from flask import Flask, Response
from marshmallow import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from merchant_api.core.db import is_unavailable, session
from merchant_api.core.errors import Invalid, Refusal, TooLarge, Unavailable
from merchant_api.core.log import log

_CODES = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
}
_log = log(__name__)


def render(refusal: Refusal) -> Response:
    """The reply to a refusal."""
    response = _problem(refusal.status, refusal.title, refusal.detail, refusal.code, refusal.members)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="orderbell"'
    if "retry_after" in refusal.members:
        response.headers["Retry-After"] = str(refusal.members["retry_after"])
    return response


def invalid(error: ValidationError) -> Invalid:
    """A schema's complaints as a refusal, per field."""
    return Invalid(errors=error.messages_dict)


def _problem(status: int, title: str, detail: str, code: str, members: dict[str, Any]) -> Response:
    body = {"type": f"urn:orderbell:{code}", "title": title, "status": status, "detail": detail, "code": code}
    text = json.dumps(body | members, ensure_ascii=False, default=str)
    return Response(text, status, content_type="application/problem+json")


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status == 413:
        return render(TooLarge())
    original = error.get_response()
    if status < 400:
        return Response(original.get_data(), status, original.headers)
    response = _problem(status, error.name, error.description or error.name, _CODES.get(status, "http_error"), {})
    if "Allow" in original.headers:
        response.headers["Allow"] = original.headers["Allow"]
    return response


def _database_error(error: SQLAlchemyError) -> Response:
    session().rollback()
    if is_unavailable(error):
        _log.warning("database.unavailable", kind=type(error).__name__)
        return render(Unavailable(retry_after=1))
    return _surprise(error)


def _surprise(error: BaseException) -> Response:
    _log.error("request.failed", exc_info=error)
    return _problem(500, "Internal error", "Something went wrong here; it is logged.", "internal", {})


def attach(app: Flask) -> None:
    """Register the renderer for everything that can go wrong."""
    app.register_error_handler(Refusal, render)
    app.register_error_handler(ValidationError, lambda error: render(invalid(error)))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(SQLAlchemyError, _database_error)
    app.register_error_handler(Exception, _surprise)
