"""Categories: a merchant's own names for groups of products. A product lies in one of them, or in none."""

from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from merchant_api.catalog.errors import CategoryTaken, NoSuchCategory, UnknownCategory
from merchant_api.catalog.models import Category, Product
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.core.named import NOWHERE, candidates, only
from merchant_api.core.names import key
from merchant_api.core.paging import Page, Window, oldest_first


def page(merchant_id: UUID, at: Window) -> Page[Category]:
    """The merchant's categories, oldest first."""
    return oldest_first(select(Category).where(Category.merchant_id == merchant_id), Category.id, at)


def add(merchant_id: UUID, name: str) -> Category:
    """Add a category; raises CategoryTaken."""
    _check_free(merchant_id, name)
    row = insert(Category).values(merchant_id=merchant_id, id=new_id(), name=name, created_at=clock.now())
    added = session().execute(row.on_conflict_do_nothing().returning(Category)).scalar_one_or_none()
    if added is None:
        raise CategoryTaken
    return added


def rename(merchant_id: UUID, category_id: UUID, name: str) -> Category:
    """Give a category another name; raises NoSuchCategory, CategoryTaken."""
    category = _locked(merchant_id, category_id)
    if key(name) != category.name_key:
        _check_free(merchant_id, name)
    try:
        with session().begin_nested():
            category.rename(name)
    except IntegrityError as error:
        raise CategoryTaken from error
    return category


def remove(merchant_id: UUID, category_id: UUID) -> None:
    """Remove a category; its products stay, in none. Raises NoSuchCategory."""
    _locked(merchant_id, category_id)
    inside = update(Product).where(Product.merchant_id == merchant_id, Product.category_id == category_id)
    session().execute(inside.values(category_id=None).execution_options(synchronize_session=False))
    gone = delete(Category).where(Category.merchant_id == merchant_id, Category.id == category_id)
    session().execute(gone.execution_options(synchronize_session=False))


def id_for(merchant_id: UUID, name: str) -> UUID:
    """The id of a category that a product shall lie in, kept from removal meanwhile.

    Raises UnknownCategory, AmbiguousName.
    """
    row = select(Category.id).where(Category.merchant_id == merchant_id, Category.id == sought(merchant_id, name))
    found = session().execute(row.with_for_update(read=True, key_share=True)).scalar_one_or_none()
    if found is None:
        raise UnknownCategory(errors={"category": ["There is none of that name."]})
    return found


def sought(merchant_id: UUID, name: str) -> UUID:
    """The id of the category that a list is narrowed to, NOWHERE for none of that name; raises AmbiguousName."""
    found = only(candidates(Category.name, Category.name_key, merchant_id, [name], Category.id))
    return found[name].id if found else NOWHERE


def _check_free(merchant_id: UUID, name: str) -> None:
    if candidates(Category.name, Category.name_key, merchant_id, [name]):
        raise CategoryTaken


def _locked(merchant_id: UUID, category_id: UUID) -> Category:
    row = select(Category).where(Category.merchant_id == merchant_id, Category.id == category_id)
    locked = row.with_for_update().execution_options(populate_existing=True)
    found = session().execute(locked).scalar_one_or_none()
    if found is None:
        raise NoSuchCategory
    return found
