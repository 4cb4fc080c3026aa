"""Alerts: who hears of what, devices, keys."""
