"""Refusals about people, signing in, members and keys."""

from merchant_api.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthenticated, Unavailable


class BadLogin(Invalid):
    """Sign in with an e-mail address, or a phone number with its country code, as +977 984 1234567."""

    code = "bad_login"


class WeakPassword(Invalid):
    """The password is among the first that anyone would guess."""

    code = "weak_password"


class PasswordTooShort(Invalid):
    """Who works for a merchant or for the platform needs a password of 10 characters or more."""

    code = "password_too_short"


class TooShortToJoin(Conflict):
    """Members need a password of 10 characters or more: the person has to change hers first."""

    code = "password_too_short_to_join"


class HashingBusy(Unavailable):
    """Too many people sign in at this moment: ask again shortly."""

    code = "sign_ins_busy"


class LoginTaken(Conflict):
    """Somebody signs in with this e-mail address or phone number already."""

    code = "login_taken"


class WrongLogin(Unauthenticated):
    """The login or the password is wrong."""

    code = "wrong_login"


class WrongPassword(Forbidden):
    """The current password is wrong; nothing was changed."""

    code = "wrong_password"


class SamePassword(Invalid):
    """The new password is the one that you have already: take another."""

    code = "same_password"


class RefreshRefused(Unauthenticated):
    """Sign in again: the refresh token is unknown, has expired or was used before."""

    code = "refresh_refused"


class TooManyAttempts(TooMany):
    """Too many failed attempts to sign in: wait before the next one."""

    code = "too_many_attempts"


class UnknownPerson(NotFound):
    """Nobody signs in like this; ask the person to register first."""

    code = "unknown_person"


class AlreadyMember(Conflict):
    """The person is a member of this merchant already."""

    code = "already_member"


class LastOwner(Conflict):
    """A merchant keeps at least one owner who may change members: make another member owner first."""

    code = "last_owner"


class NotGrantable(Invalid):
    """A key can be given only permissions that keys may have and that you hold yourself."""

    code = "not_grantable"


class UnknownPermission(Invalid):
    """Some of these are not permissions that a member can have."""

    code = "unknown_permission"


class AboveYou(Forbidden):
    """You can give to a member, and take away, only what you may do yourself."""

    code = "above_you"


class TermsNotAllowed(Invalid):
    """The merchant does not offer these payment terms."""

    code = "terms_not_allowed"
