"""The domain and its JSON face; it never imports `jobs` or `notifications`."""
