"""Shapes of categories."""

from dataclasses import dataclass

from marshmallow import fields

from merchant_api.core.schema import In, InstantOut, Name, Out

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class CategoryNamed:
    """A category by its name."""

    name: str


class CategoryIn(In):
    """The name of a category."""

    makes = CategoryNamed

    name = Name(LONGEST_NAME, required=True)


class CategoryOut(Out):
    """A category."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    created_at = InstantOut(required=True)
