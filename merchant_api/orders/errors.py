"""What orders refuse."""

from merchant_api.core.errors import Conflict, Invalid, TooMany
from merchant_api.stock.errors import UnitsOwed

NOT_COVERED = "Stock does not cover this order, and the product takes no requests or backorders."
"""How an order is refused by InsufficientStock, which is stock's own."""


class WrongState(Conflict):
    """The order is past the point where this step is possible."""

    code = "wrong_state"


class TooLate(Conflict):
    """The deadline for this answer has passed."""

    code = "too_late"


class ProductNotForSale(Conflict):
    """A product of this order is a draft or archived and takes no orders."""

    code = "product_not_for_sale"


class OverLimit(Conflict):
    """More of a product than one customer's order may hold."""

    code = "over_limit"


class GuestsMismatch(Invalid):
    """A registration is one seat for oneself and one for each guest: the quantity is 1 and the number of guests."""

    code = "guests_mismatch"


class NotARegistration(Invalid):
    """Guests come to registrations; this product is merchandise."""

    code = "not_a_registration"


class RegistrationSplit(Invalid):
    """A registration stands on one line of an order, with all its guests."""

    code = "registration_split"


class AlreadyRegistered(Conflict):
    """This person is registered already, by an order that stands."""

    code = "already_registered"


class BecameAnOrder(Conflict):
    """This has become an order at the same moment."""

    code = "became_an_order"


class SeenBefore(Conflict):
    """This channel's order was taken before."""

    code = "seen_before"


class TooManyUnpaid(TooMany):
    """This customer has as many unanswered or unpaid orders as the merchant allows at once."""

    code = "too_many_unpaid"


class UnknownProduct(Invalid):
    """A line names a product that this merchant does not have."""

    code = "unknown_product"


class CustomerRequired(Invalid):
    """Say for which customer this order is: {person_id} or {name, phone, email}."""

    code = "customer_required"


class UnknownCustomer(Invalid):
    """The merchant has no such customer: say a name, with phone or e-mail."""

    code = "unknown_customer"


class PaidAhead(Invalid):
    """A payment is recorded once it was made: its instant lies ahead."""

    code = "paid_ahead"


class ReferenceUsed(Conflict):
    """This payment reference was recorded for another order or amount."""

    code = "reference_used"


class CancelWindowOver(Conflict):
    """The time in which a customer may cancel a confirmed order by himself is over; ask by a cancel-request."""

    code = "cancel_window_over"


class StillInWindow(Conflict):
    """The customer can still cancel by himself: no need to ask."""

    code = "still_in_window"


class AskedBefore(Conflict):
    """The customer has asked to cancel this order before."""

    code = "asked_before"


class NothingAsked(Conflict):
    """Nobody waits for an answer to a wish to cancel this order."""

    code = "nothing_asked"


class NoCourier(Conflict):
    """Nothing of this order goes by courier: it is delivered without a pickup."""

    code = "no_courier"


class StillOwed(UnitsOwed):
    """Units of this order are still owed; say `also_owed` if the goods were there all the same."""


class NotInOrder(Invalid):
    """A product named out of stock is not in this order, or is not tracked."""

    code = "not_in_order"


class TooExpensive(Invalid):
    """The total is larger than any amount that is kept here."""

    code = "too_expensive"


class UnknownLine(Invalid):
    """The order has no such line."""

    code = "unknown_line"


class MoreThanLeft(Conflict):
    """More units than are left of this line."""

    code = "more_than_left"


class MoreThanDelivered(Conflict):
    """More units than this line delivered and has not had back yet."""

    code = "more_than_delivered"


class UnknownGuest(Invalid):
    """Nobody of that name is a guest on this line, or as many guests as units have to be named."""

    code = "unknown_guest"


class NothingHeld(Conflict):
    """This line holds no units that could come from elsewhere."""

    code = "nothing_held"


class NotOnShelf(WrongState):
    """The units of this order have left the shelf, or were given back."""


class NotParked(Conflict):
    """This payment does not wait for a decision: it counts already, or was given back."""

    code = "not_parked"


class RefundPending(Conflict):
    """This payment is being given back."""

    code = "refund_pending"


class NotTheAmountDue(Conflict):
    """Too little waits for a decision, or in another currency, to pay what is left of the order."""

    code = "not_the_amount_due"


class NothingOwed(Conflict):
    """Nothing of this payment is to be given back."""

    code = "nothing_owed"


class MoreThanOwed(Conflict):
    """More than is left of this payment to give back."""

    code = "more_than_owed"


class NoteRequired(Invalid):
    """Say in a note why money is given back that the order does not owe."""

    code = "note_required"


class WholePaymentOnly(Conflict):
    """A parked payment is given back whole."""

    code = "whole_payment_only"
