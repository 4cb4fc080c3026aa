"""Calls to addresses that somebody gave us, against stand-ins of whoever may be there."""
