"""Products: what is sold, drafted, published and archived."""
