"""The demo merchant, its products and its people, made by the domain's own verbs. Loading twice changes nothing."""

import contextlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from merchant_api.accounts import passwords, people
from merchant_api.accounts.errors import AlreadyMember
from merchant_api.accounts.logins import read_login
from merchant_api.accounts.models import MemberRole, Person
from merchant_api.accounts.password_rules import LONGEST, SHORTEST
from merchant_api.accounts.people import Newcomer
from merchant_api.accounts.permissions import of_role
from merchant_api.accounts.team import add_member
from merchant_api.catalog.errors import SkuTaken
from merchant_api.catalog.models import ProductKind, Status, WhenShort
from merchant_api.core.actor import Actor, Role
from merchant_api.core.db import in_transaction, session
from merchant_api.core.errors import Invalid
from merchant_api.core.money import Money
from merchant_api.core.tenancy import of_merchant
from merchant_api.shop.create import NewProduct, create
from merchant_api.shop.open import NewMerchant, open_merchant

MERCHANT = "Himalayan Crafts (demo)"
CURRENCY = "NPR"
STAFF, OWNER, CLERK, CUSTOMER = (f"{word}@demo.example" for word in ("staff", "owner", "clerk", "customer"))


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to sign in as."""

    login: str
    name: str
    what: str


PEOPLE = (
    DemoPerson(OWNER, "Binod Owner", f"owner of {MERCHANT}"),
    DemoPerson(CLERK, "Deepa Clerk", f"clerk of {MERCHANT}"),
    DemoPerson(CUSTOMER, "Chandra Customer", "a customer"),
    DemoPerson(STAFF, "Sita Staff", "staff of the platform"),
)


def _product(sku: str, name: str, rupees: int, **options: object) -> NewProduct:
    options.setdefault("status", Status.PUBLISHED)
    return NewProduct(sku=sku, name=name, price=Money(rupees * 100, CURRENCY), **options)  # type: ignore[arg-type]  # a table


PRODUCTS = (
    _product("MUG-01", "Clay mug", 450, stock=25),
    _product("SHAWL-02", "Yak wool shawl", 3_200, stock=2),
    _product("SINGING-BOWL-03", "Singing bowl, hammered to order", 7_500),
    _product("STICKER-04", "Sticker of Annapurna", 60, is_tracked=False),
    _product("POSTER-05", "Thangka poster", 900, when_short=WhenShort.BACKORDER),
    _product("MASK-06", "Painted mask", 5_400, when_short=WhenShort.REFUSE),
    _product("LAMP-07", "Butter lamp (not for sale yet)", 1_250, status=Status.DRAFT, stock=10),
    _product(
        "WEAVING-CLASS-08", "Weaving class, one seat", 2_000, kind=ProductKind.REGISTRATION, stock=12, max_quantity=3
    ),
    _product("TEA-09", "Ilam tea, 100 g", 380, stock=60),
    _product("CARPET-10", "Knotted carpet, the only one", 48_000, stock=1, when_short=WhenShort.REFUSE),
    _product("PRAYER-FLAGS-11", "Prayer flags, 10 m", 650, stock=40, max_quantity=5),
)


def load(password: str) -> None:
    """Add what is missing, and give the demo people this password, whichever it is; raises Invalid for its length."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"The password of the demo people has {SHORTEST} to {LONGEST} characters.")
    nobodys = passwords.hash_password(secrets.token_urlsafe())  # they join with a long one, as everybody has to
    known = in_transaction(lambda: {one.login: _person(one, nobodys) for one in PEOPLE})
    in_transaction(lambda: _shop({login: one.id for login, one in known.items()}))
    stale = [one.id for one in known.values() if not passwords.is_right(password, one.password_hash)]
    digest = passwords.hash_password(password) if stale else ""
    in_transaction(lambda: [people.change(person_id, {"password_hash": digest}) for person_id in stale])


def _person(one: DemoPerson, digest: str) -> Person:
    login = read_login(one.login)
    found = people.find_by_login(login)
    return found or people.add(Newcomer(one.name, login, digest, is_staff=one.login == STAFF))


def _shop(ids: dict[str, UUID]) -> None:
    merchant_id = _merchant(ids[OWNER])
    with of_merchant(merchant_id):
        _furnish(merchant_id, ids)
        session().flush()


def _furnish(merchant_id: UUID, ids: dict[str, UUID]) -> None:
    with contextlib.suppress(AlreadyMember):
        add_member(merchant_id, ids[CLERK], MemberRole.CLERK)
    permissions = of_role(Role.STAFF)
    staff = Actor(Role.STAFF, str(ids[STAFF]), "Sita Staff", ids[STAFF], merchant_id, permissions=permissions)
    for product in PRODUCTS:
        try:
            create(merchant_id, product, staff)
        except SkuTaken:
            continue


def _merchant(owner_id: UUID) -> UUID:
    for membership in people.memberships_of(owner_id):
        if membership.name == MERCHANT:
            return membership.merchant_id
    return open_merchant(NewMerchant(MERCHANT, "Asia/Kathmandu", CURRENCY, owner=OWNER)).id
