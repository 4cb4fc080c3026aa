"""What a key may at this moment, pure: what it was given, and where it is bound never more than its maker still may.

A bound key rests while its maker is disabled and may nothing once she is no member any more; what she is given back,
it has again. A key of the platform's staff, or one that was kept when its maker left, stands by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from merchant_api.accounts.permissions import GRANTABLE, of_member
from merchant_api.core.actor import Role


@dataclass(frozen=True, slots=True)
class Maker:
    """The maker of a bound key as she stands today; no role where she is no member."""

    role: str | None
    granted: Iterable[str]
    withheld: Iterable[str]
    is_disabled: bool


def rights_of(given: Iterable[str], maker: Maker | None) -> frozenset[str] | None:
    """What the key may; None where it opens nothing at all. There is a maker for bound keys only."""
    grantable = GRANTABLE & frozenset(given)
    if maker is None:
        return grantable
    if maker.role is None or maker.is_disabled:
        return None
    return grantable & of_member(Role(maker.role), maker.granted, maker.withheld)
