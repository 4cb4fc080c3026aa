"""Rows for tests: each function states only what the test is about and commits its savepoint."""
