"""Categories: a merchant's own names for groups of products. A product lies in one of them, or in none."""

from uuid import UUID

from sqlalchemy import ScalarSelect, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from merchant_api.catalog.errors import CategoryTaken, NoSuchCategory, UnknownCategory
from merchant_api.catalog.models import Category, Product
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.core.paging import Page, Window, oldest_first


def page(merchant_id: UUID, at: Window) -> Page[Category]:
    """The merchant's categories, oldest first."""
    return oldest_first(select(Category).where(Category.merchant_id == merchant_id), Category.id, at)


def add(merchant_id: UUID, name: str) -> Category:
    """Add a category; raises CategoryTaken."""
    row = insert(Category).values(merchant_id=merchant_id, id=new_id(), name=name, created_at=clock.now())
    added = session().execute(row.on_conflict_do_nothing().returning(Category)).scalar_one_or_none()
    if added is None:
        raise CategoryTaken
    return added


def rename(merchant_id: UUID, category_id: UUID, name: str) -> Category:
    """Give a category another name; raises NoSuchCategory, CategoryTaken."""
    category = _locked(merchant_id, category_id)
    try:
        with session().begin_nested():
            category.name = name
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
    """The id of a category that a product shall lie in, kept from removal meanwhile; raises UnknownCategory."""
    row = select(Category.id).where(Category.merchant_id == merchant_id, Category.name == name)
    found = session().execute(row.with_for_update(read=True, key_share=True)).scalar_one_or_none()
    if found is None:
        raise UnknownCategory(errors={"category": ["There is none of that name."]})
    return found


def named(merchant_id: UUID, name: str) -> ScalarSelect[UUID]:
    """The id of a category inside another statement; no row where there is none of that name."""
    return select(Category.id).where(Category.merchant_id == merchant_id, Category.name == name).scalar_subquery()


def _locked(merchant_id: UUID, category_id: UUID) -> Category:
    row = select(Category).where(Category.merchant_id == merchant_id, Category.id == category_id)
    locked = row.with_for_update().execution_options(populate_existing=True)
    found = session().execute(locked).scalar_one_or_none()
    if found is None:
        raise NoSuchCategory
    return found
