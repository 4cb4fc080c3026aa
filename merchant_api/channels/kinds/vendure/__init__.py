"""Vendure 3 by its Admin API: polled, as it sends no events; what is set there is on hand, not what it sells."""
