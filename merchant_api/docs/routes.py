"""`/v1/openapi.json`, made once when the app is made, and `/docs`, a static page that reads it."""

from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request

from merchant_api.core.answer import to_json
from merchant_api.core.openapi import document

docs = Blueprint("docs", __name__)
PAGE = Path(__file__).parent / "page"
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}
_ONLY_FROM_HERE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def describe(app: Flask, blueprints: list[tuple[Blueprint, str]]) -> None:
    """Make the document of the registered blueprints and keep it with the app."""
    prefixes = {blueprint.name: prefix for blueprint, prefix in blueprints}
    response = Response(to_json(document(prefixes)), content_type="application/json")
    response.add_etag()
    app.extensions["orderbell.openapi"] = (response.get_data(), response.headers["ETag"])


@docs.get("/v1/openapi.json")
def openapi() -> Response:
    """The OpenAPI 3.1 document."""
    text, tag = current_app.extensions["orderbell.openapi"]
    response = Response(text, content_type="application/json", headers={"ETag": tag, "Cache-Control": "no-cache"})
    response.make_conditional(request)
    return response


@docs.get("/docs")
def page() -> Response:
    """The readable page."""
    return _file("index.html")


@docs.get("/docs/<any('page.js', 'page.css'):name>")
def part(name: str) -> Response:
    """What the page is made of."""
    return _file(name)


def _file(name: str) -> Response:
    response = Response((PAGE / name).read_bytes(), content_type=_KINDS[Path(name).suffix])
    response.headers["Content-Security-Policy"] = _ONLY_FROM_HERE
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
