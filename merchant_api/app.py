"""The application: settings in, a Flask app out, with every blueprint, error renderer and hook in place."""

import re
from pathlib import Path
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

from merchant_api.core import db, metrics, problem
from merchant_api.core.seal import Seal
from merchant_api.core.settings import Settings

LARGEST_BODY = 256 * 1024
BLUEPRINTS: dict[str, str] = {}
_REQUEST_ID = re.compile(r"^[\w.-]{1,64}$")


def create_app(settings: Settings, role: str = "api") -> Flask:
    """An app on a database whose schema is up to date; `role` chooses time-outs and the size of the pool."""
    app = Flask("orderbell", root_path=str(Path(__file__).parent))
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = db.engine_options(role, pool_size=settings.threads)
    app.extensions["orderbell.settings"] = settings
    app.extensions["orderbell.seal"] = Seal(settings.secret_keys)
    db.attach(app)
    problem.attach(app)
    app.before_request(_name_request)
    app.after_request(_finish)
    return app


def _name_request() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _REQUEST_ID.match(given) else uuid4().hex
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.request_id
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")
    metrics.requests.labels(request.endpoint or "none", str(response.status_code)).inc()
    return response
