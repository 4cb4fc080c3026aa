"""Shopify, by a stand-in that answers by the types of its published schema."""
