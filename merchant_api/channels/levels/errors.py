"""What the web stack refuses."""

from merchant_api.core.errors import Conflict, NotFound


class NoSuchLevel(NotFound):
    """No such record on this channel's stack."""

    code = "no_such_level"


class LevelEnded(Conflict):
    """This record has come to an end."""

    code = "level_ended"


class LevelOnItsWay(Conflict):
    """This level is on its way to the shop; look again in a moment."""

    code = "level_on_its_way"
