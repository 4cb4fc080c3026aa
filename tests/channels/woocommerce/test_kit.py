"""WooCommerce keeps what every kind of shop keeps."""

from tests.channels.kit.promises import Promises


class TestKit(Promises):
    """All of the kit, on the stand-in."""
