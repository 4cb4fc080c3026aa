"""Where a command works: inside an app, as a request would, on a pool that is closed afterwards."""

from collections.abc import Callable
from typing import TypeVar

from merchant_api.app import create_app
from merchant_api.core.db import db
from merchant_api.server.installation import Installation

T = TypeVar("T")


def in_app(installation: Installation, work: Callable[[], T]) -> T:
    """Run `work`, with the time limits of jobs; gives what it gives."""
    app = create_app(installation.settings, "jobs")
    with app.app_context():
        try:
            return work()
        finally:
            db.session.remove()
            db.engine.dispose()
