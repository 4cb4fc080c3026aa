"""Wording, and the senders against stand-ins of the push services."""
