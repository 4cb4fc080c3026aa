"""What a spreadsheet did to a SKU: it took zeros away, rounded a long figure, or made a day of it.

Which SKU was meant is told where one can be found, and never guessed: the file has to say it.
"""

import re
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import Text, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from merchant_api.catalog.models import Product
from merchant_api.core.db import session

UNKNOWN = "there is no such SKU"
_AS_TEXT = "make its column text and export it again"
_DAY = f"{UNKNOWN}; a spreadsheet may have made a day of it: {_AS_TEXT}"
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_SHAPES = (
    (r"[0-9](?:[.,][0-9]+)?E\+?[0-9]+", f"a spreadsheet has shortened this SKU: {_AS_TEXT}"),
    (r"[0-9]{15}0+", f"{UNKNOWN}; a spreadsheet keeps 15 digits of a figure and may have lost its end: {_AS_TEXT}"),
    (r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T.*)?", _DAY),
    (rf"[0-9]{{1,2}}-{_MONTH}|{_MONTH}-[0-9]{{2}}", _DAY),
)
_FIGURE = re.compile(r"([0-9]+)(?:[.,]0*)?")
_MOST_NAMED = 3


def spoilt(merchant_id: UUID, unknown: Iterable[str]) -> Mapping[str, str]:
    """What is to be said of those SKUs, of which there is none, that a spreadsheet seems to have spoilt."""
    skus = set(unknown)
    meant = _with_zeros(merchant_id, {sku: found[1].lstrip("0") for sku in skus if (found := _FIGURE.fullmatch(sku))})
    said = {sku: why for sku in skus for shape, why in _SHAPES if re.fullmatch(shape, sku, re.IGNORECASE)}
    return said | {
        sku: f"{UNKNOWN}, but {', '.join(others)}: a spreadsheet may have changed its zeros; {_AS_TEXT}"
        for sku, others in meant.items()
    }


def _with_zeros(merchant_id: UUID, bare: Mapping[str, str]) -> Mapping[str, list[str]]:
    """The merchant's SKUs that are the same figure, by SKU; `bare` is each without zeros in front."""
    if not bare:
        return {}
    wanted = bindparam("bare", sorted(set(bare.values())), type_=ARRAY(Text))
    key = func.ltrim(Product.sku, "0")
    rows = select(key, Product.sku).where(Product.merchant_id == merchant_id, key == any_(wanted)).order_by(Product.sku)
    found: dict[str, list[str]] = {}
    for each in session().execute(rows):
        found.setdefault(each[0], []).append(each[1])
    return {sku: found[key][:_MOST_NAMED] for sku, key in bare.items() if key in found}
