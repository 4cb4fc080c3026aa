"""The kit, on the stand-in: the port's promises, and our stock in step with it end to end."""

from tests.channels.kit.in_step import InStep
from tests.channels.kit.promises import Promises


class TestKit(Promises):
    """The connector."""


class TestInStep(InStep):
    """The connector, the jobs and our stock."""
