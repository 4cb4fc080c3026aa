"""What stock refuses."""

from merchant_api.core.errors import Conflict, Invalid


class NoSuchPlace(Invalid):
    """The merchant has no location or grade of that name."""

    code = "no_such_place"


class NameTaken(Conflict):
    """There is one of that name already, if in other case, Unicode form or blanks."""

    code = "name_taken"


class DefaultPlace(Conflict):
    """The place called default keeps its name: it is where everything goes that names none."""

    code = "default_place"


class SamePlace(Invalid):
    """A transfer goes from one cell to another."""

    code = "same_place"


class NotTracked(Conflict):
    """The stock of this product is not tracked."""

    code = "not_tracked"


class BelowZero(Conflict):
    """There are fewer units than shall be taken away."""

    code = "below_zero"


class InsufficientStock(Conflict):
    """Fewer units are available than were asked for."""

    code = "insufficient_stock"


class SeveralCells(Conflict):
    """The product lies in several places: adjust each of them."""

    code = "several_cells"


class UnitsOwed(Conflict):
    """More units are promised than are there: adjust what is on hand, so that what is owed stays in sight."""

    code = "units_owed"


class StockMoved(Conflict):
    """The stock has changed since it was looked at."""

    code = "stock_moved"
