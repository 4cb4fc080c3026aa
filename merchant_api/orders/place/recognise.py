"""Whose order it is, where a seller said so: one e-mail address, or one phone with the same name, is one customer.

It is read in the transaction of placing, so that a batch that a rival was faster than finds his customer when it runs
again. Where marks belong to several customers, the order is the first one's, they are one person from then on, and
what holds for a person looks at all of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from merchant_api.accounts import known
from merchant_api.accounts.known import Mark, Owned
from merchant_api.orders.place.ground import Ground
from merchant_api.orders.place.placement import CustomerWanted, Placement


def recognised(merchant_id: UUID, placements: Sequence[Placement], ground: Ground) -> Sequence[Placement]:
    """The placements with their customers as the merchant knows them; no read where all order for themselves.

    Who may be registered under several ids is locked under all of them, and then looked at again: a rival may have
    made one person of two meanwhile.
    """
    locked: set[UUID] = set()
    while True:
        found = _read(merchant_id, placements)
        people = {person_id for each in found if _takes_seats(each, ground) for person_id in each.customer.known}
        if people <= locked:
            return found
        known.lock(merchant_id, people - locked)
        locked |= people


def new_marks(merchant_id: UUID, customers: Iterable[CustomerWanted]) -> list[dict[str, Any]]:
    """The rows by which customers are known again from now on, sorted by key; each once, whoever of a batch has it."""
    found: dict[str, dict[UUID, int]] = {}
    for customer in customers:
        for mark in customer.new_marks:
            theirs = found.setdefault(mark.text, {})
            theirs.setdefault(customer.person_id, mark.owners + len(theirs))
    return [
        {"merchant_id": merchant_id, "mark": mark, "twin": twin, "person_id": person_id}
        for mark, theirs in sorted(found.items())
        for person_id, twin in theirs.items()
    ]


def _takes_seats(placement: Placement, ground: Ground) -> bool:
    return placement.customer.is_entered and any(ground.is_registration(line.product_id) for line in placement.lines)


def _read(merchant_id: UUID, placements: Sequence[Placement]) -> Sequence[Placement]:
    entered = [each.customer for each in placements if each.customer.is_entered]
    if not entered:
        return placements
    marks = {mark for customer in entered for mark in customer.marks}
    found = known.owners(merchant_id, marks, {each.person_id for each in entered if not each.marks})
    stored = {mark: tuple(people) for mark, people in found.items()}
    return [
        replace(each, customer=_known(each.customer, stored, found)) if each.customer.is_entered else each
        for each in placements
    ]


def _known(customer: CustomerWanted, stored: Mapping[str, Sequence[UUID]], found: Owned) -> CustomerWanted:
    """The customer as marks tell: those that are stored, and those that the batch has brought so far, which grow."""
    if not customer.marks:
        people = known.kin(found, (), [customer.person_id])
        return replace(customer, also=tuple(people[1:]))
    people = known.kin(found, customer.marks) or [customer.person_id]
    first = people[0]
    for mark in customer.marks:
        if first not in found.setdefault(mark, []):
            found[mark].append(first)
    had = {mark: stored.get(mark, ()) for mark in customer.marks}
    new = tuple(Mark(mark, len(theirs)) for mark, theirs in had.items() if first not in theirs)
    is_new = all(first not in theirs for theirs in stored.values())
    return replace(customer, person_id=first, is_new=is_new, also=tuple(people[1:]), new_marks=new)
