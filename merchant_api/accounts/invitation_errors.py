"""Refusals about invitations."""

from merchant_api.core.errors import Conflict, Forbidden, Invalid, NotFound


class UnknownInvitation(NotFound):
    """There is no such invitation for you: it was withdrawn or answered, or it names another login."""

    code = "unknown_invitation"


class InvitationExpired(Conflict):
    """The invitation has expired: ask for a new one."""

    code = "invitation_expired"


class InvitationVoid(Conflict):
    """Who invited you may not do so any more: ask for a new invitation."""

    code = "invitation_void"


class InvitationTokenNeeded(Forbidden):
    """Your account is younger than the invitation: show the token that whoever invited you has got."""

    code = "invitation_token_needed"


class OtherLogin(Invalid):
    """The invitation is for another e-mail address or phone number."""

    code = "other_login"
