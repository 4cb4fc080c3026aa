"""Calls to addresses that somebody gave us, a leaf: no database, no Flask, nothing of our other packages."""
