"""Wording and senders, a leaf: no database, no Flask, nothing of merchant_api or jobs."""
