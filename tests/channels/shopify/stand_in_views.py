"""How the stand-in shows its items and orders: as the types of the schema have them."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.channels.shopify.stand_in_goods import Goods, Item, Line, Order, Refund

Shown = dict[str, Any]


def connection(
    rows: Sequence[Any], show: Callable[[Any], Shown], key: Callable[[Any], str], first: int | None, after: str | None
) -> Shown:
    """A page of rows in the order of their keys; the cursor is the key of the last one, so it holds while rows move."""
    if first is None:
        raise ValueError("you must provide one of first or last")
    left = [row for row in sorted(rows, key=key) if after is None or key(row) > after]
    page = left[:first]
    ends = {"hasNextPage": len(left) > first, "endCursor": key(page[-1]) if page else None, "hasPreviousPage": False}
    return {"nodes": [show(row) for row in page], "pageInfo": ends}


def of_item(goods: Goods, item: Item) -> Shown:
    """An inventory item."""

    def level(_info: Any, locationId: str, **_: Any) -> Shown | None:  # noqa: N803  # as it is published
        if locationId not in goods.places:
            raise ValueError("The location does not exist.")
        if locationId not in item.available:
            return None
        figures = {"available": item.available[locationId], "committed": item.committed}
        return {"quantities": lambda _info, names: [{"name": name, "quantity": figures[name]} for name in names]}

    return {
        "__typename": "InventoryItem",
        "id": item.id,
        "sku": item.sku,
        "tracked": item.is_tracked,
        "inventoryLevel": level,
    }


def of_variant(goods: Goods, item: Item) -> Shown:
    """A variant with its product."""
    return {
        "__typename": "ProductVariant",
        "id": f"gid://shopify/ProductVariant/{item.number}",
        "sku": item.sku,
        "title": item.variant or "Default Title",
        "price": item.price,
        "inventoryPolicy": item.policy,
        "inventoryItem": of_item(goods, item),
        "product": {
            "title": item.title,
            "status": item.status,
            "hasOnlyDefaultVariant": item.variant is None,
            "isGiftCard": item.is_gift_card,
            "productType": item.product_type,
            "category": {"name": item.category} if item.category else None,
        },
    }


def of_order(goods: Goods, order: Order) -> Shown:
    """An order."""
    return {
        "__typename": "Order",
        "id": order.id,
        "name": f"#{order.number}",
        "createdAt": _stamp(order.created_at),
        "updatedAt": _stamp(order.updated_at),
        "cancelledAt": _stamp(order.cancelled_at) if order.cancelled_at else None,
        "closed": order.cancelled_at is not None,
        "currencyCode": order.currency,
        "displayFinancialStatus": order.financial,
        "displayFulfillmentStatus": order.fulfilment,
        "email": order.email,
        "phone": None,
        "customer": {"displayName": order.buyer} if order.buyer else None,
        "shippingAddress": {"name": order.buyer, "phone": "+977 9800000000"},
        "lineItems": lambda _info, first=None, after=None: connection(
            order.lines, lambda line: _line(goods, line, order.currency), lambda line: f"{line.number:09}", first, after
        ),
        "refunds": lambda _info, first=None: [of_refund(goods, refund) for refund in order.refunds[:first]],
    }


def of_refund(goods: Goods, refund: Refund) -> Shown:
    """A refund with what it says of units."""
    return {
        "__typename": "Refund",
        "id": f"gid://shopify/Refund/{refund.number}",
        "refundLineItems": lambda _info, first=None, after=None: connection(
            refund.lines,
            lambda row: {"quantity": row[1], "restockType": row[2], "lineItem": {"id": row[0].id}},
            lambda row: f"{row[0].number:09}",
            first,
            after,
        ),
    }


def _line(goods: Goods, line: Line, currency: str) -> Shown:
    return {
        "id": line.id,
        "sku": line.sku,
        "name": line.name,
        "quantity": line.quantity,
        "currentQuantity": line.current,
        "isGiftCard": line.is_gift_card,
        "requiresShipping": line.is_sent_by_post,
        "variant": of_variant(goods, line.item) if line.item and line.item.number in goods.items else None,
        "discountedUnitPriceAfterAllDiscountsSet": {"shopMoney": {"amount": line.price, "currencyCode": currency}},
    }


def _stamp(instant: Any) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
