"""Customers that a merchant knows again by their marks, and the lock that lets one person come one after the other.

Customers who share a mark are one person, and so are those who share one with any of these.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, select, text

from merchant_api.accounts.marks import marks_of, region_of
from merchant_api.accounts.models import Customer, Merchant
from merchant_api.core.db import session

_KIN = text(
    """
    WITH RECURSIVE kin AS (
        SELECT person_id FROM customer_marks
        WHERE merchant_id = :merchant_id AND (mark = ANY(:marks) OR person_id = ANY(:people))
        UNION
        SELECT theirs.person_id
        FROM kin
        JOIN customer_marks AS own ON own.merchant_id = :merchant_id AND own.person_id = kin.person_id
        JOIN customer_marks AS theirs ON theirs.merchant_id = :merchant_id AND theirs.mark = own.mark
    )
    SELECT mark, person_id FROM customer_marks
    WHERE merchant_id = :merchant_id AND person_id IN (SELECT person_id FROM kin)
    ORDER BY mark, twin
    """
).bindparams(
    bindparam("merchant_id", type_=Uuid()),
    bindparam("marks", type_=ARRAY(Text())),
    bindparam("people", type_=ARRAY(Uuid())),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """By what somebody will be known again; `owners` are how many customers have it already."""

    text: str
    owners: int


Owned = dict[str, list[UUID]]  # customers by a mark that they have, the first who had it first


def marks_at(merchant_id: UUID, name: str, phone: str | None, email: str | None) -> tuple[str, ...]:
    """The marks of somebody as a seller of this merchant tells them; no read where there is no phone number."""
    if phone is None:
        return marks_of(name, None, email, None)
    place = select(Merchant.time_zone, Merchant.locale).where(Merchant.id == merchant_id)
    row = session().execute(place).one_or_none()
    return marks_of(name, phone, email, None if row is None else region_of(row[0], row[1]))


def owners(merchant_id: UUID, marks: Collection[str], people: Collection[UUID]) -> Owned:
    """All marks of whoever has one of these marks, is one of these people, or is one person with them: one read."""
    given = {"merchant_id": merchant_id, "marks": sorted(marks), "people": sorted(people)}
    found: Owned = {}
    for mark, person_id in session().execute(_KIN, given):
        found.setdefault(mark, []).append(person_id)
    return found


def kin(found: Owned, marks: Iterable[str], people: Iterable[UUID] = ()) -> list[UUID]:
    """The customers who are one person with these people or with who has these marks, these themselves first."""
    seen = dict.fromkeys([*people, *(person_id for mark in marks for person_id in found.get(mark, ()))])
    size = -1
    while size != len(seen):
        size = len(seen)
        for those in found.values():
            if any(person_id in seen for person_id in those):
                seen |= dict.fromkeys(those)
    return list(seen)


def same_as(merchant_id: UUID, person_id: UUID) -> set[UUID]:
    """The customers who are this one as well."""
    return set(kin(owners(merchant_id, (), [person_id]), (), [person_id])) - {person_id}


def lock(merchant_id: UUID, people: Iterable[UUID]) -> None:
    """Lock customers, in the order of their ids and after all cells."""
    rows = select(Customer.person_id).where(
        Customer.merchant_id == merchant_id, Customer.person_id.in_(sorted(set(people)))
    )
    session().execute(rows.order_by(Customer.person_id).with_for_update(key_share=True)).all()
