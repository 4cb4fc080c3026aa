"""Web shops."""
