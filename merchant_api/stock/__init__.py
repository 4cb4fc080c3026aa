"""Cells, holds and the ledger: what is there, what is promised, and why each figure is what it is."""
