"""Placing: from a call to an order that stands, a request or a refusal."""
