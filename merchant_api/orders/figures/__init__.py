"""Figures explained: why a product's stock is what it is, records, what is owed, the audit."""
