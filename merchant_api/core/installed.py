"""What `create_app` put into the app that runs: its settings, and the seal of its secret keys."""

from flask import current_app

from merchant_api.core.seal import Seal
from merchant_api.core.settings import Settings


def settings() -> Settings:
    """The settings of this installation."""
    found: Settings = current_app.extensions["orderbell.settings"]
    return found


def seal() -> Seal:
    """Its secret keys."""
    found: Seal = current_app.extensions["orderbell.seal"]
    return found
