"""Which columns of whose files say what: the one table of the headers of other systems' exports.

Names are in small letters, parted by bars; `{}` is the name of a location, of which there is a column each. What is
only looked at is known and not read. Where the headers were found: docs/counting.md.
"""

import re
import unicodedata
from dataclasses import dataclass, fields

FIELDS = ("sku", "quantity", "location", "grade", "comment")  # what a column can be said to be by hand


@dataclass(frozen=True, slots=True)
class Export:
    """The columns of one system's files; `sku_too` is read as the SKU where no column of `sku` is there."""

    system: str
    sku: str = ""
    sku_too: str = ""
    quantity: str = ""
    location: str = ""
    grade: str = ""
    comment: str = ""
    looked_at: str = ""


EXPORTS = (
    Export(
        "Orderbell",
        sku="sku",
        quantity="quantity",
        location="location",
        grade="grade",
        comment="comment",
        looked_at="name | category | product category | counted | counted_by | counted_at | on_hand | on_shelf | held |"
        " available | used",
    ),
    Export(
        "Shopify",  # inventory and products; the older inventory has a column for each location, of its bare name
        sku="variant sku",
        quantity="on hand (new) | on hand (current) | on hand | variant inventory qty | inventory quantity",
        looked_at="handle | title | option1 name | option1 value | option2 name | option2 value | option3 name |"
        " option3 value | hs code | coo | bin name | incoming | incoming (not editable) | unavailable |"
        " unavailable (not editable) | committed | committed (not editable) | available (not editable)",
    ),
    Export(
        "Square",
        quantity="new quantity {} | current quantity {}",
        looked_at="reference handle | token | item name | customer-facing name | variation name | unit and precision |"
        " description | categories | reporting category | seo title | seo description | permalink | gtin |"
        " square online item visibility | item type | social media link title |"
        " social media link description | shipping enabled | self-serve ordering enabled | delivery enabled |"
        " pickup enabled | price | online sale price | archived | sellable | contains alcohol | stockable |"
        " skip detail screen in pos | preselect first variation | option name 1 | option value 1 | option name 2 |"
        " option value 2 | option name 3 | option value 3 | default unit cost | default vendor name |"
        " default vendor code | enabled {} | stock alert enabled {} | stock alert count {} | price {} | tax - {}",
    ),
    Export(
        "WooCommerce",
        quantity="stock",
        looked_at="id | type | published | is featured? | visibility in catalog | short description | tax status |"
        " date sale price starts | date sale price ends | tax class | in stock? | low stock amount | parent |"
        " position | backorders allowed? | sold individually? | weight ({}) | length ({}) | width ({}) | height ({}) |"
        " tags | allow customer reviews? | purchase note | sale price | regular price | shipping class | images |"
        " brands | download limit | download expiry days | grouped products | upsells | cross-sells | external url |"
        " button text | gtin, upc, ean, or isbn | attribute {} | meta: {} | download {}",
    ),
    Export(
        "Loyverse",
        quantity="in stock [{}]",
        looked_at="sold by weight | option 1 name | option 1 value | option 2 name | option 2 value | option 3 name |"
        " option 3 value | default price | cost | barcode | sku of included item | quantity of included item |"
        " use production | supplier | purchase cost | track stock | available for sale [{}] | price [{}] |"
        " low stock [{}] | optimal stock [{}] | modifier - {}",
    ),
    Export(
        "Odoo",  # a product is named "[MUG-01] Clay mug" where its reference has no column
        sku="internal reference | product/internal reference | product_id/default_code | default_code",
        sku_too="product",
        quantity="counted quantity | inventoried quantity | on hand quantity | quantity on hand | inventory_quantity",
        location="location_id | location/complete name",
        looked_at="external id | lot/serial number | package | owner | unit | unit of measure | uom |"
        " reserved quantity | available quantity | difference | scheduled date | user | company | barcode",
    ),
    Export(
        "ERPNext",
        sku="item code | item code (items) | item_code",
        quantity="quantity (items) | qty | balance qty",
        location="warehouse | warehouse (items)",
        looked_at="item group | valuation rate | amount | serial no | batch no | current qty | current valuation rate |"
        " quantity difference | amount difference | valuation rate (items) | stock uom | has item scanned",
    ),
    Export(
        "Amazon",
        sku="seller-sku",
        quantity="afn-fulfillable-quantity | quantity available",
        looked_at="fnsku | asin | asin{} | product-name | item-name | item-description | listing-id | condition |"
        " your-price | mfn-{} | afn-{} | per-unit-volume | fulfillment-channel-sku | condition-type |"
        " warehouse-condition-code | business price | quantity price type | quantity lower bound {} |"
        " quantity price {} | progressive price type | progressive lower bound {} | progressive price {} | open-date |"
        " product-id | product-id-type | status | fulfillment-channel | item-condition | item-note |"
        " item-is-marketplace | image-url |"
        " zshop-{} | add-delete | pending-quantity | merchant-shipping-group | will-ship-internationally |"
        " expedited-shipping | bid-for-featured-placement | optional-payment-type-exclusion",
    ),
    Export(
        "tills",
        sku_too="item number | item no | item no. | article number | product code | stock code | code | ean | upc",
        quantity="in stock | stock quantity | stock on hand | stock level | qty on hand | current stock | count",
        location="store | branch | shop | stock location",
    ),
)


def canonical(name: str) -> str:
    """A column's name as names are compared: small letters, single blanks, one Unicode form."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _names(field: str) -> tuple[str, ...]:
    """What all systems call a field, each name once."""
    texts = (getattr(export, field) for export in EXPORTS)
    return tuple(dict.fromkeys(name.strip() for text in texts for name in text.split("|") if name.strip()))


NAMES = {each.name: _names(each.name) for each in fields(Export) if each.name != "system"}


def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(name).replace(r"\{\}", "(?:.+)") for name in names))


_KNOWN = _pattern(tuple(name for names in NAMES.values() for name in names))


def is_known(name: str) -> bool:
    """Whether a column of that name is read, or known as one that is only looked at."""
    return _KNOWN.fullmatch(canonical(name)) is not None


def location_of(family: str, name: str) -> str | None:
    """The location that a column of such a family is of (`in stock [{}]`), as the header spells it."""
    before, _, after = family.partition("{}")
    key = " ".join(name.split())
    is_one = canonical(key).startswith(before) and canonical(key).endswith(after)
    return key[len(before) : len(key) - len(after)].strip() or None if is_one else None
