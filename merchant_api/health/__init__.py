"""Is it alive, is it ready, and its figures."""
