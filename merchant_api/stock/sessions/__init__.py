"""Availability sessions: count ahead, look before you promote, go live in one transaction (DESIGN.md 3)."""
