"""Sessions, orders and the shelf itself against a plain model."""
