"""Vendure's answers that a real one gives too seldom for a test; all else is tried on a real one (`tests/shops`)."""
