"""Opening a merchant: the row with its windows, the first location, grade and session, and perhaps its owner."""

from dataclasses import dataclass
from uuid import UUID

from merchant_api.accounts.logins import read_login
from merchant_api.accounts.models import Member, MemberRole, Merchant, Person
from merchant_api.accounts.people import find_by_login
from merchant_api.accounts.replace_password import check_joins
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.core.tenancy import of_merchant
from merchant_api.shop.errors import NoSuchOwner
from merchant_api.stock import places
from merchant_api.stock.models import Grade, Location
from merchant_api.stock.sessions import start

RESPOND_WINDOW_S = 30 * 60
PAY_WINDOW_S = 60 * 60
CANCEL_WINDOW_S = 30 * 60
PAY_GRACE_S = 60
UNPAID_ORDERS_CAP = 20


@dataclass(frozen=True, slots=True)
class NewMerchant:
    """A merchant to be; `owner` is the login of a person who has registered."""

    name: str
    time_zone: str
    currency: str
    locale: str = "en"
    owner: str | None = None


def open_merchant(new: NewMerchant) -> Merchant:
    """Open a merchant with DESIGN.md's windows; raises BadLogin, NoSuchOwner, TooShortToJoin."""
    owner = None if new.owner is None else _owner(new.owner)
    merchant = _row(new)
    session().add(merchant)
    session().flush()
    with of_merchant(merchant.id):
        _furnish(merchant.id, owner)
    return merchant


def _furnish(merchant_id: UUID, owner: Person | None) -> None:
    places.add(Location, merchant_id, places.DEFAULT, 0)
    places.add(Grade, merchant_id, places.DEFAULT, 0)
    start.first(merchant_id)
    if owner is not None:
        instant = clock.now()
        session().add(Member(merchant_id=merchant_id, person_id=owner.id, role=MemberRole.OWNER, created_at=instant))
    session().flush()


def _owner(login: str) -> Person:
    person = find_by_login(read_login(login))
    if person is None or person.disabled_at is not None:
        raise NoSuchOwner(errors={"owner": ["Nobody signs in with that login."]})
    check_joins(person.id)
    return person


def _row(new: NewMerchant) -> Merchant:
    return Merchant(
        id=new_id(),
        name=new.name,
        time_zone=new.time_zone,
        currency=new.currency,
        locale=new.locale,
        respond_window_s=RESPOND_WINDOW_S,
        pay_window_s=PAY_WINDOW_S,
        cancel_window_s=CANCEL_WINDOW_S,
        pay_grace_s=PAY_GRACE_S,
        allowed_terms=None,
        default_terms=None,
        unpaid_orders_cap=UNPAID_ORDERS_CAP,
        created_at=clock.now(),
    )
