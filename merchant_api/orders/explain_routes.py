"""The endpoint that explains a product's figures."""

from uuid import UUID

from flask import Blueprint

from merchant_api.core.http import endpoint
from merchant_api.orders import explain as explaining
from merchant_api.orders.explain import Explanation
from merchant_api.orders.explain_schemas import ExplainIn, ExplanationOut
from merchant_api.stock.sessions.trace import Where

explanations = Blueprint("explanations", __name__)


@endpoint(
    explanations,
    "GET",
    "/availability/<uuid:product_id>/explain",
    needs="stock.read",
    query=ExplainIn,
    reply=ExplanationOut,
)
def explain_availability(merchant_id: UUID, product_id: UUID, query: Where, **_: object) -> Explanation:
    """Why is it 7? The chain of documents behind a product's figures."""
    return explaining.explain(merchant_id, product_id, query)
