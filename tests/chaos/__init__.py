"""Orderbell under load, killed on purpose, and then asked whether anything was lost: `make chaos`."""
