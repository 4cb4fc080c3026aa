"""Where catalog and stock meet: opening a merchant, creating a product with its cell, what a product shows."""
