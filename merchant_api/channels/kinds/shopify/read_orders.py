"""Orders as they are, whole: what did not fit in a page of lines or refunds is asked for before an order is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from merchant_api.channels.faults import ShopDenies
from merchant_api.channels.kinds.shopify import order_lines
from merchant_api.channels.kinds.shopify.gids import number
from merchant_api.channels.kinds.shopify.graph import AdminGraph, is_about_customers
from merchant_api.channels.kinds.shopify.more_queries import LINES, REFUND_LINES, REFUNDS
from merchant_api.channels.shop_orders import ShopCustomer, ShopOrder

WHO = frozenset({"customer", "email", "phone", "shippingAddress"})
NOT_TOLD = "Shopify does not tell this app all of who ordered: ask Shopify for access to protected customer data."
PAID = frozenset({"PAID", "PARTIALLY_REFUNDED", "REFUNDED"})
MOST_REFUNDS = 10  # as many as a page has of an order


class OrderReader:
    """Asks for orders during one pass, without who ordered once that was refused."""

    def __init__(self, graph: AdminGraph) -> None:
        self.graph = graph
        self._who = True
        self._is_hidden = False

    def ask(self, question: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer; raises a ShopFault."""
        try:
            data = self.graph.ask(question, WHO, who=self._who, **variables)
            self._is_hidden = not self._who or self.graph.was_cut
            return data
        except ShopDenies as denied:
            if not (self._who and is_about_customers(denied)):
                raise
            self._who, self._is_hidden = False, True
            return self.graph.ask(question, WHO, who=False, **variables)

    def order(self, node: Mapping[str, Any]) -> ShopOrder:
        """An order of an answer; asks for what its page was too short for."""
        goods, notes = order_lines.lines(self._lines(node), self._refunded(node))
        if self._is_hidden:
            notes.append(NOT_TOLD)
        return ShopOrder(
            external_id=number(node["id"]),
            name=node["name"],
            placed_at=datetime.fromisoformat(node["createdAt"]),
            currency=node["currencyCode"],
            lines=goods,
            customer=_customer(node),
            is_paid=node["displayFinancialStatus"] in PAID,
            is_open=node["cancelledAt"] is None and not node["closed"],
            is_delivered=node["displayFulfillmentStatus"] == "FULFILLED",
            notes=notes,
        )

    def _lines(self, node: Mapping[str, Any]) -> list[dict[str, Any]]:
        page = node["lineItems"]
        nodes = list(page["nodes"])
        while page["pageInfo"]["hasNextPage"]:
            page = self.graph.ask(LINES, id=node["id"], after=page["pageInfo"]["endCursor"])["order"]["lineItems"]
            nodes += page["nodes"]
        return nodes

    def _refunded(self, node: Mapping[str, Any]) -> list[dict[str, Any]]:
        refunds = list(node["refunds"])
        if len(refunds) >= MOST_REFUNDS:
            known = {refund["id"] for refund in refunds}
            refunds += [
                refund
                for refund in self.graph.ask(REFUNDS, id=node["id"])["order"]["refunds"]
                if refund["id"] not in known
            ]
        return [line for refund in refunds for line in self._refund_lines(refund)]

    def _refund_lines(self, refund: Mapping[str, Any]) -> list[dict[str, Any]]:
        page = refund.get("refundLineItems") or {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": None}}
        nodes = list(page["nodes"])
        while page["pageInfo"]["hasNextPage"]:
            after = page["pageInfo"]["endCursor"]
            page = self.graph.ask(REFUND_LINES, id=refund["id"], after=after)["node"]["refundLineItems"]
            nodes += page["nodes"]
        return nodes


def _customer(node: Mapping[str, Any]) -> ShopCustomer:
    customer, address = node.get("customer") or {}, node.get("shippingAddress") or {}
    return ShopCustomer(
        name=customer.get("displayName") or address.get("name"),
        email=node.get("email"),
        phone=node.get("phone") or address.get("phone"),
    )
