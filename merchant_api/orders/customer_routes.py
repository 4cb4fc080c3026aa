"""Endpoints of a merchant's customers, for those who answer orders: who he is, and whether he is trusted."""

from uuid import UUID

from flask import Blueprint

from merchant_api.core.actor import Actor
from merchant_api.core.endpoint import endpoint
from merchant_api.orders import customers as reading
from merchant_api.orders.customer_schemas import CustomerOut, TrustIn
from merchant_api.orders.customers import CustomerView, Trust

customers = Blueprint("customers", __name__)
ONE = "/<uuid:person_id>"


@endpoint(customers, "GET", ONE, needs="orders.decide", reply=CustomerOut)
def show_customer(merchant_id: UUID, person_id: UUID, **_: object) -> CustomerView:
    """A customer of the merchant, and whether he is proven."""
    return reading.customer(merchant_id, person_id)


@endpoint(customers, "PATCH", ONE, needs="orders.decide", body=TrustIn, reply=CustomerOut)
def change_customer(merchant_id: UUID, person_id: UUID, body: Trust, actor: Actor) -> CustomerView:
    """Trust a customer: what he orders is never asked because he is new."""
    return reading.trust(merchant_id, person_id, body, actor)
