"""What the catalog refuses."""

from merchant_api.core.errors import Conflict, Invalid, NotFound


class NoSuchProduct(NotFound):
    """There is no such product here."""


class SkuTaken(Conflict):
    """Another product of this merchant has this SKU, if in other case, Unicode form or blanks."""

    code = "sku_taken"


class WrongStatus(Conflict):
    """A product in this status can't be moved to that one."""

    code = "wrong_status"


class NotForRegistrations(Invalid):
    """Registrations have no courier and no backorder: a seat is there or it is not."""

    code = "not_for_registrations"


class NoSuchCategory(NotFound):
    """There is no such category here."""


class UnknownCategory(Invalid):
    """The merchant has no category of that name."""

    code = "unknown_category"


class CategoryTaken(Conflict):
    """There is a category of that name already, if in other case, Unicode form or blanks."""

    code = "name_taken"
