"""Refusals of devices and notifications."""

from merchant_api.core.errors import Invalid


class BadInstallation(Invalid):
    """The installation is 1 to 128 visible ASCII characters."""

    code = "bad_installation"


class BadAddress(Invalid):
    """The address is none that a notification can be sent to."""

    code = "bad_address"
