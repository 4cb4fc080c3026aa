"""What sessions refuse."""

from merchant_api.core.errors import Conflict, Invalid


class SessionStaged(Conflict):
    """A session is being counted already."""

    code = "session_staged"


class NoStagedSession(Conflict):
    """No session is being counted: start one first."""

    code = "no_staged_session"


class SessionClosing(Conflict):
    """Somebody is closing or changing the session just now: ask again shortly."""

    code = "session_closing"


class NothingCounted(Conflict):
    """Nothing has been counted yet."""

    code = "nothing_counted"


class VersionMoved(Conflict):
    """Something was counted since the preview that was looked at."""

    code = "version_moved"


class VersionMissing(Invalid):
    """A full count sets to 0 what was not counted: name the version of the preview that was looked at."""

    code = "version_missing"


class AlreadyWithdrawn(Conflict):
    """This count has been withdrawn."""

    code = "already_withdrawn"


class NotClosed(Conflict):
    """Only a closed session has a snapshot."""

    code = "not_closed"
