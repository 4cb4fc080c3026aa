"""Who bought in a shop, as a customer of the merchant: known again by e-mail address, or by phone and name."""

from merchant_api.accounts.known import marks_at
from merchant_api.channels.sales.source import Source
from merchant_api.channels.shop_orders import ShopCustomer
from merchant_api.core.ids import new_id
from merchant_api.orders.place.placement import CustomerWanted

LONGEST_NAME, LONGEST_PHONE, LONGEST_EMAIL = 200, 40, 254


def buyer(source: Source, told: ShopCustomer) -> CustomerWanted:
    """The customer; whom the shop does not name is called after it. What is too long to be true is left out."""
    name = (told.name or told.email or f"Customer of {source.name}")[:LONGEST_NAME]
    phone = told.phone if told.phone and len(told.phone) <= LONGEST_PHONE else None
    email = told.email if told.email and len(told.email) <= LONGEST_EMAIL else None
    marks = marks_at(source.merchant_id, name, phone, email)
    return CustomerWanted(new_id(), name, phone, email, is_entered=bool(marks), is_trusted=True, marks=marks)
