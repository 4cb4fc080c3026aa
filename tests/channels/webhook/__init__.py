"""The kind `webhook`."""
