"""What payment providers refuse and are refused."""

from merchant_api.core.errors import Conflict, Invalid, TooMany, Unauthenticated


class BadSignature(Unauthenticated):
    """This is not signed as it must be."""

    code = "bad_signature"


class TooManyWaiting(TooMany):
    """So many events of this provider wait for their orders already; send it again later."""

    code = "too_many_waiting"


class TooManyProviders(Conflict):
    """This merchant has as many payment providers as there can be."""

    code = "too_many_providers"


class NotWaiting(Conflict):
    """This event was applied already."""

    code = "not_waiting"


class DoesNotFit(Conflict):
    """This event can't be applied to that order."""

    code = "does_not_fit"


class NotOfThisKind(Invalid):
    """A provider of this kind takes no such thing."""

    code = "not_of_this_kind"
